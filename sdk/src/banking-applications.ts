// Owns applications, of the banking client: which call is which request.
import { type BankingList, listOf } from './banking-list.ts'
import type {
  Application,
  ApplicationIndividual,
  ApplicationListItem,
  ApplicationStatus,
  ApplicationUpdate,
  Document,
  IndividualUpdate,
  ListApplicationsQuery,
  NewApplication,
  NewIndividual,
} from './banking-types.generated.ts'
import type { Client } from './client.ts'
import type { CallOptions } from './options.ts'
import type { Result } from './result.ts'

/**
 * The only door to a customer. Each call with an id may answer `NOT_FOUND` (404), each body
 * `INVALID_REQUEST` (400), and a change at the wrong time `CONFLICT` (409).
 */
export interface BankingApplications {
  /** Begins one; `customer_id` may name a record that is there already. */
  create(application: NewApplication, options?: CallOptions): Promise<Result<Application>>
  retrieve(id: string, options?: CallOptions): Promise<Result<Application>>
  /** Newest first. */
  list(query?: ListApplicationsQuery, options?: CallOptions): BankingList<ApplicationListItem>
  update(
    id: string,
    changes: ApplicationUpdate,
    options?: CallOptions,
  ): Promise<Result<Application>>
  /** How it stands: everything that is still missing, at once. */
  status(id: string, options?: CallOptions): Promise<Result<ApplicationStatus>>
  addIndividual(
    id: string,
    individual: NewIndividual,
    options?: CallOptions,
  ): Promise<Result<ApplicationIndividual>>
  updateIndividual(
    id: string,
    individualId: string,
    changes: IndividualUpdate,
    options?: CallOptions,
  ): Promise<Result<ApplicationIndividual>>
  /** The value is `null`. */
  removeIndividual(id: string, individualId: string, options?: CallOptions): Promise<Result<null>>
  /** One part `file`, PDF, PNG or JPEG of up to 10 MiB, and perhaps a `description`. */
  uploadDocument(
    documentId: string,
    form: FormData,
    options?: CallOptions,
  ): Promise<Result<Document>>
  /** Hands it in; `CONFLICT` (409) says what is missing. */
  submit(id: string, options?: CallOptions): Promise<Result<Application>>
}

export function createApplications(client: Client): BankingApplications {
  const root = 'v1/applications'
  const answers = 'object'
  const person = (id: string, individualId: string) => [
    root,
    { id },
    'individuals',
    { individualId },
  ]
  return {
    create: (body, options) =>
      client.call({ method: 'POST', path: [root], body, answers }, options),
    retrieve: (id, options) =>
      client.call({ method: 'GET', path: [root, { id }], answers }, options),
    list: (query, options) => listOf(client, [root], query, options),
    update: (id, body, options) =>
      client.call({ method: 'PATCH', path: [root, { id }], body, answers }, options),
    status: (id, options) =>
      client.call({ method: 'GET', path: [root, { id }, 'status'], answers }, options),
    addIndividual: (id, body, options) =>
      client.call({ method: 'POST', path: [root, { id }, 'individuals'], body, answers }, options),
    updateIndividual: (id, individualId, body, options) =>
      client.call({ method: 'PATCH', path: person(id, individualId), body, answers }, options),
    removeIndividual: (id, individualId, options) =>
      client.call(
        { method: 'DELETE', path: person(id, individualId), answers: 'nothing' },
        options,
      ),
    uploadDocument: (documentId, form, options) => {
      const path = ['v1/documents', { documentId }, 'upload']
      return client.call({ method: 'POST', path, form, answers }, options)
    },
    submit: (id, options) =>
      client.call({ method: 'POST', path: [root, { id }, 'submit'], answers }, options),
  }
}

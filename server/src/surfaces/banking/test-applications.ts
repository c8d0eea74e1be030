// Owns applications for this surface's tests: bodies, uploads, and ways to a status over the wire.
import { toForm } from '../../../../test/example-requests.ts'
import type { FormPart } from '../../../../test/examples/surface-examples.ts'
import type { Answer, CallOptions } from '../../../../test/harness.ts'
import { makePdf } from '../../core/files/testing/file-samples.ts'
import { type TestBanking, testBanking } from './test-banking.ts'

export const address = {
  line1: '123 Main St',
  city: 'New York',
  state: 'NY',
  postal_code: '10001',
  country: 'US',
}
export const person = {
  first_name: 'John',
  last_name: 'Doe',
  date_of_birth: '1990-01-15',
  tax_id: '123-45-6789',
  address,
}
export const newPerson = {
  type: 'INDIVIDUAL',
  email: 'john.doe@example.com',
  phone: '+12025550123',
  individual: person,
  terms_and_conditions_accepted: true,
}
export const newCorporation = {
  type: 'CORPORATION',
  email: 'contact@acmecorp.com',
  corporation: {
    legal_name: 'Acme Corporation',
    trading_name: 'Acme',
    registration_number: '7654321',
    tax_id: '12-3456789',
    address,
  },
  terms_and_conditions_accepted: true,
}
export const control = { ...person, role: 'CONTROL_PERSON', email: 'jane.smith@acmecorp.com' }
export const owner = { ...person, role: 'BENEFICIAL_OWNER', ownership_percentage: 30 }

export const applicationId = /^appl_[0-7][0-9a-hjkmnp-tv-z]{25}$/
export const documentId = /^doc_[0-7][0-9a-hjkmnp-tv-z]{25}$/
export const individualId = /^ind_[0-7][0-9a-hjkmnp-tv-z]{25}$/

/** The status an application is brought to. */
export type Reached = 'INCOMPLETE' | 'READY_FOR_SUBMISSION' | 'SUBMITTED' | Decided
type Decided = 'APPROVED' | 'REJECTED' | 'CHANGES_REQUESTED'
const decisionOf: Partial<Record<Reached, string>> = {
  APPROVED: 'approve',
  REJECTED: 'reject',
  CHANGES_REQUESTED: 'request_changes',
}

export interface TestApplications extends TestBanking {
  /** The path is below `/banking/v1/applications`. */
  at(method: string, path: string, options?: CallOptions): Promise<Answer>
  create(body?: object): Promise<Answer['json']>
  addIndividual(id: string, body?: object): Promise<Answer['json']>
  upload(documentId: string, parts?: FormPart[], options?: CallOptions): Promise<Answer>
  /** An application of a person in this status. */
  reach(status: Reached, more?: object): Promise<Answer['json']>
  decide(id: string, decision: string): Promise<Answer>
}

export const pdf: FormPart = { name: 'file', fileName: 'passport.pdf', value: makePdf('passport') }

/** Call it once at the top of a test file: it starts the server and closes it. */
export function testApplications(): TestApplications {
  const banking = testBanking()
  const at = (method: string, path: string, options?: CallOptions) =>
    banking.call(method, `/v1/applications${path}`, options)
  const create = async (body: object = newPerson) => (await at('POST', '', { body })).json
  const upload = (id: string, parts: FormPart[] = [pdf], options: CallOptions = {}) => {
    const { headers, body } = toForm(parts)
    const all = { ...headers, ...options.headers }
    return banking.call('POST', `/v1/documents/${id}/upload`, { ...options, body, headers: all })
  }
  const decide = (id: string, decision: string) =>
    banking.server.call('POST', `/v1/applications/${id}/decision`, {
      body: { decision, reason: 'As it should be.' },
    })
  return Object.assign(Object.create(banking), {
    at,
    create,
    upload,
    decide,
    addIndividual: async (id: string, body: object = control) =>
      (await at('POST', `/${id}/individuals`, { body })).json,
    async reach(status: Reached, more: object = {}) {
      const { id, documents } = await create({ ...newPerson, ...more })
      if (status !== 'INCOMPLETE') await upload(documents[0].id)
      const isReady = status === 'INCOMPLETE' || status === 'READY_FOR_SUBMISSION'
      if (!isReady) await at('POST', `/${id}/submit`)
      const decision = decisionOf[status]
      if (decision) await decide(id, decision)
      return (await at('GET', `/${id}`)).json
    },
  })
}

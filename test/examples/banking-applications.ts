// Owns one request that succeeds for every operation of the banking surface about applications.
import { makePdf } from '../../server/src/core/files/testing/file-samples.ts'
import type { Call, Ids, SurfaceExamples } from './surface-examples.ts'

/** A corporation's application that is still open, and a person's that lacks nothing. */
export async function prepareApplications(call: Call): Promise<Ids> {
  const corporation = await call('createApplication', { body: newCorporation })
  const applicationId: string = corporation.json.id
  const params = { id: applicationId }
  const individual = await call('addApplicationIndividual', { params, body: newIndividual })
  const person = await call('createApplication', { body: newPerson })
  const readyApplicationId: string = person.json.id
  const documentId: string = person.json.documents[0].id
  await call('uploadDocument', { params: { id: documentId }, form: passport })
  const page = await call('listApplications', { query: { limit: '1' } })
  return {
    applicationId,
    applicantId: individual.json.id,
    readyApplicationId,
    documentId,
    applicationsCursor: page.json.pagination.next_cursor,
  }
}

export const missingApplications: Ids = {
  recordId: 'cust_01h455vb4pex5vsknk084sn02q',
  applicationId: 'appl_01h455vb4pex5vsknk084sn02q',
  applicantId: 'ind_01h455vb4pex5vsknk084sn02q',
  readyApplicationId: 'appl_01h455vb4pex5vsknk084sn02q',
  documentId: 'doc_01h455vb4pex5vsknk084sn02q',
  applicationsCursor: `cursor_${'A'.repeat(40)}`,
}

export const applicationRequests: SurfaceExamples['requests'] = {
  createApplication: ({ recordId: customer_id = '' }) => ({ body: { ...newPerson, customer_id } }),
  listApplications: ({ applicationsCursor = '' }) => ({
    query: { type: 'CORPORATION', status: 'INCOMPLETE', limit: '2', cursor: applicationsCursor },
  }),
  getApplication: ({ applicationId = '' }) => ({ params: { id: applicationId } }),
  updateApplication: ({ applicationId = '' }) => ({
    params: { id: applicationId },
    body: { phone: '+12025550187', corporation: { trading_name: 'Acme Payments' } },
  }),
  getApplicationStatus: ({ applicationId = '' }) => ({ params: { id: applicationId } }),
  submitApplication: ({ readyApplicationId = '' }) => ({ params: { id: readyApplicationId } }),
  addApplicationIndividual: ({ applicationId = '' }) => ({
    params: { id: applicationId },
    body: { ...newIndividual, role: 'OFFICER', ownership_percentage: null },
  }),
  updateApplicationIndividual: ({ applicationId = '', applicantId = '' }) => ({
    params: { id: applicationId, individual_id: applicantId },
    body: { role: 'BENEFICIAL_OWNER', ownership_percentage: 40, email: 'jane@example.com' },
  }),
  removeApplicationIndividual: ({ applicationId = '', applicantId = '' }) => ({
    params: { id: applicationId, individual_id: applicantId },
  }),
  uploadDocument: ({ documentId = '' }) => ({ params: { id: documentId }, form: passport }),
}

const passport = [
  { name: 'file', fileName: 'passport.pdf', value: makePdf('passport') },
  { name: 'description', value: 'Passport, the page with the picture' },
]

const address = {
  line1: '123 Main St',
  city: 'New York',
  state: 'NY',
  postal_code: '10001',
  country: 'US',
}
const individual = {
  first_name: 'John',
  last_name: 'Doe',
  date_of_birth: '1990-01-15',
  tax_id: '123-45-6789',
  address,
}

const newPerson = {
  type: 'INDIVIDUAL',
  email: 'john.doe@example.com',
  phone: '+12025550123',
  individual,
  account_currency: 'USD',
  terms_and_conditions_accepted: true,
}

const newCorporation = {
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

const newIndividual = {
  ...individual,
  role: 'CONTROL_PERSON',
  ownership_percentage: 30,
  email: 'jane.smith@acmecorp.com',
}

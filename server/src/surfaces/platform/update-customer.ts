// Owns PATCH /v1/customers/{id}.
import { bankingErrors } from '../../core/customer/banking-status.ts'
import { customerErrors } from '../../core/customer/customer.ts'
import { requireCustomer } from '../../core/customer/customer-service.ts'
import { type ExpectedVersions, updateCustomerAt } from '../../core/customer/history-service.ts'
import { AppError } from '../../core/errors.ts'
import { fieldErrors } from '../../core/fields.ts'
import { defineOperation } from '../../http/operation.ts'
import { fromWirePatch } from './from-wire-customer.ts'
import { CustomerParams, fromWireCustomerId } from './wire.ts'
import { toWireRecord, WireCustomerPatch, WireRecord } from './wire-customer.ts'

export const updateCustomer = defineOperation({
  id: 'updateCustomer',
  method: 'PATCH',
  path: '/customers/{id}',
  tag: 'Customers',
  summary: 'Change a customer',
  description:
    'A merge patch (RFC 7396): what is left out stays, `null` clears, objects are merged. Of ' +
    'several changes that rest on one version, one wins; the others are told what changed since.',
  scope: 'platform:write',
  params: CustomerParams,
  body: WireCustomerPatch,
  takesIfMatch: true,
  takesMergePatch: true,
  returns: {
    status: 200,
    description: 'The record as it is now',
    schema: WireRecord,
    versionOf: ({ version }) => version,
  },
  errors: [
    fieldErrors.field_invalid,
    customerErrors.customer_not_found,
    customerErrors.version_missing,
    customerErrors.version_stale,
    bankingErrors.customer_status_forbids,
    customerErrors.external_id_taken,
  ],
  async handle(context, { params, body, ifMatch }) {
    const id = fromWireCustomerId(params.id)
    if (ifMatch === null) {
      await requireCustomer(context, id)
      throw new AppError(customerErrors.version_missing)
    }
    const changed = await updateCustomerAt(context, id, fromWireIfMatch(ifMatch), (customer) =>
      fromWirePatch(body, customer),
    )
    return toWireRecord(changed)
  },
})

/** `"3"`, or several with commas between them; what is no tag of ours is no version that stands. */
function fromWireIfMatch(text: string): ExpectedVersions {
  if (text.trim() === '*') return null
  const tags = text.split(',').map((tag) => /^\s*"([1-9]\d{0,14})"\s*$/.exec(tag)?.[1])
  return tags.filter((tag) => tag !== undefined).map(Number)
}

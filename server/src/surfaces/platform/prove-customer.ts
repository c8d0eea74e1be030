// Owns GET /v1/customers/{id}/proof.
import Type from 'typebox'
import { customerErrors } from '../../core/customer/customer.ts'
import { getCustomer } from '../../core/customer/customer-service.ts'
import { proveHistory } from '../../core/events/proof-service.ts'
import { defineOperation } from '../../http/operation.ts'
import { printTime } from '../../lib/time.ts'
import { CustomerParams, closed, fromWireCustomerId, named } from './wire.ts'

const linksMax = 1_000
const Hash = (description: string) =>
  Type.String({ description: `${description}; SHA-256, hexadecimal` })
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

const WireProof = Type.Object(
  {
    app_id: Type.String({ description: 'Plain UUID: a part of every hash' }),
    customer_id: Type.String({ description: 'Plain UUID: a part of every hash' }),
    verified: Type.Boolean({ description: 'Whether the whole chain is whole, up to its head' }),
    broken: Type.Union(
      [
        Type.Object(
          {
            version: Type.Union([Type.Integer(), Type.Null()], {
              description: 'The first link that does not hold',
            }),
            problem: Type.String({ description: 'What is wrong', examples: ['hash_differs'] }),
          },
          closed,
        ),
        Type.Null(),
      ],
      { description: 'Null while it is whole' },
    ),
    previous_hash: Hash('What the first of these links follows from'),
    links: Type.Array(
      Type.Object(
        {
          version: Type.Integer({ description: "The customer's version" }),
          type: Type.String({ description: 'What happened' }),
          actor: Type.String({ description: 'Who did it' }),
          at: Type.String({ description: 'When', examples: ['2026-02-25T12:00:00.000Z'] }),
          changes_hash: Hash('Over the sealed changes: it tells nothing about them'),
          hash: Hash('Over the hash before and all of this'),
        },
        closed,
      ),
      { description: `Oldest first, at most ${linksMax}` },
    ),
    has_more: Type.Boolean({ description: 'Whether links follow: ask with `after_version`' }),
  },
  named('Proof'),
)

export const proveCustomer = defineOperation({
  id: 'proveCustomer',
  method: 'GET',
  path: '/customers/{id}/proof',
  tag: 'Events',
  summary: "Prove a customer's history whole",
  description:
    'Walks the whole chain of hashes, as `clientele verify` does, and hands out its links, so ' +
    'that you can keep a hash elsewhere and hold it against a later proof.',
  scope: 'platform:read',
  readsMany: true,
  params: CustomerParams,
  query: Type.Object(
    {
      after_version: Type.Optional(
        Type.Integer({
          minimum: 0,
          maximum: 1_000_000_000,
          default: 0,
          description: 'Links after this version',
        }),
      ),
    },
    closed,
  ),
  returns: { status: 200, description: 'The proof', schema: WireProof },
  errors: [customerErrors.customer_not_found],
  async handle(context, { params, query }) {
    const id = fromWireCustomerId(params.id)
    await getCustomer(context, id)
    const { after_version: afterVersion = 0 } = query
    const proof = await proveHistory(context, id, { afterVersion, limit: linksMax })
    return {
      app_id: context.app.id,
      customer_id: id,
      verified: proof.broken === null,
      broken: proof.broken,
      previous_hash: hex(proof.previousHash),
      links: proof.links.map((link) => ({
        version: link.version,
        type: link.type,
        actor: link.actor,
        at: printTime(link.at),
        changes_hash: hex(link.changesHash),
        hash: hex(link.hash),
      })),
      has_more: proof.hasMore,
    }
  },
})

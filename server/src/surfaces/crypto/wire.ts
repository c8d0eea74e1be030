// Owns what all wire schemas of the crypto surface share: the envelope, its words, pages, ids.
// Source: the product's public page "Customers" and contracts/crypto.md.
import Type, { type Static, type TSchema } from 'typebox'
import { customerErrors } from '../../core/customer/customer.ts'
import { AppError, type ErrorDefinition } from '../../core/errors.ts'
import type { Metadata } from '../../core/fields.ts'
import { type IdNoun, parseId } from '../../lib/id.ts'
import { printTime } from '../../lib/time.ts'

export const closed = { additionalProperties: false }
/** The title is its name in OpenAPI, in the reference and in the SDK. */
export const named = (title: string) => ({ title, ...closed })

export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
export const Text = (description: string, example: string) =>
  Type.String({ description, examples: [example] })
/** Null in the example, as it is at first. */
export const LaterText = (description: string) => Nullable(Type.String({ description }))
export const Time = (description: string) => Text(description, '2026-02-25T12:00:00.000Z')
export const LaterTime = (description: string) => LaterText(description)
export const Id = (description: string) => Text(description, '01890a5d-ac96-774b-bcce-b302099a8057')
/** An id that a caller sends: the UUID, or the prefixed form of the other surfaces. */
export const GivenId = (description: string) =>
  Type.String({
    maxLength: 64,
    description,
    examples: ['01890a5d-ac96-774b-bcce-b302099a8057'],
  })
export const Given = (maxLength: number, description: string, example: string) =>
  Type.String({ maxLength, description, examples: [example] })

const metadataText = {
  description: 'Your metadata key-value pairs',
  examples: [{ plan: 'pro' }],
}
export const WireMetadata = Type.Record(Type.String(), Type.Unknown(), metadataText)
/** A name with a line break matches no pattern, and its value would go unchecked. */
export const GivenMetadata = Type.Record(Type.String(), Type.Unknown(), {
  ...closed,
  ...metadataText,
})

/** Every answer of this surface. */
export const Enveloped = <T extends TSchema>(data: T) =>
  Type.Object({ success: Type.Literal(true), data }, closed)

export const Pagination = Type.Object(
  {
    total: Type.Integer({ description: 'Entries in all', examples: [1] }),
    page: Type.Integer({ description: 'This page, from 1', examples: [1] }),
    pageSize: Type.Integer({ description: 'Entries on a page', examples: [20] }),
    totalPages: Type.Integer({ description: 'Pages in all', examples: [1] }),
  },
  named('Pagination'),
)

export const EnvelopedPage = <T extends TSchema>(entry: T) =>
  Type.Object(
    { success: Type.Literal(true), data: Type.Array(entry), pagination: Pagination },
    closed,
  )

const pageLimits = { size: 20, sizeMax: 100, pageMax: 1_000_000_000 }

/** `page` and `pageSize`, alone or beside an operation's own filters. */
export const pageQuery = {
  page: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: pageLimits.pageMax,
      default: 1,
      description: 'Which page, from 1',
    }),
  ),
  pageSize: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: pageLimits.sizeMax,
      default: pageLimits.size,
      description: 'How many entries a page has',
    }),
  ),
}

export interface PageQuery {
  page?: number | undefined
  pageSize?: number | undefined
}

/** `page` and `pageSize` as the core counts. */
export function fromWirePage(query: PageQuery): { limit: number; offset: number } {
  const { page = 1, pageSize = pageLimits.size } = query
  return { limit: pageSize, offset: (page - 1) * pageSize }
}

export function enveloped<T>(data: T): { success: true; data: T } {
  return { success: true, data }
}

export function envelopedPage<T>(data: T[], total: number, query: PageQuery) {
  const { page = 1, pageSize = pageLimits.size } = query
  const totalPages = Math.ceil(total / pageSize)
  return { success: true as const, data, pagination: { total, page, pageSize, totalPages } }
}

export const CustomerParams = Type.Object({ id: Id('The customer') }, closed)

export function fromWireCustomerId(text: string): string {
  return fromWireId('customer', text, customerErrors.customer_not_found)
}

/** What is not the spelling of an id is refused like an id that nothing has. */
export function fromWireId(
  noun: IdNoun,
  text: string,
  refusal: ErrorDefinition,
  param?: string,
): string {
  const id = parseId(noun, text)
  if (id === null) throw new AppError(refusal, param === undefined ? {} : { param })
  return id
}

/** Parsed from JSON text just now. */
export function fromWireMetadata(
  metadata: Static<typeof GivenMetadata> | null | undefined,
): Metadata | undefined {
  return metadata === undefined ? undefined : ((metadata ?? {}) as Metadata)
}

export function toWireTime(time: number): string
export function toWireTime(time: number | null): string | null
export function toWireTime(time: number | null): string | null {
  return time === null ? null : printTime(time)
}

/** The core's names of fields in this surface's words, for refusals. */
export const fieldNames: Readonly<Record<string, string>> = {
  'address.line1': 'address',
  'address.city': 'city',
  'address.state': 'state',
  'address.postalCode': 'postalCode',
  customerId: 'customerAccountId',
  planId: 'productPlanId',
  priceId: 'productPlanPriceId',
}

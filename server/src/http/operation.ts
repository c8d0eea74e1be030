// Owns what an operation is: one value from which come validation, types, OpenAPI and the route.

import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import Type, { type Static, type TObject, type TSchema } from 'typebox'
import type { Context, System } from '../core/context.ts'
import type { ErrorDefinition } from '../core/errors.ts'
import type { Json } from '../lib/canonical.ts'
import { compileParser, compileQueryParser, refuseBody } from './parse.ts'

/** What an operation of status 204 returns: there is no body. */
export const NoContent = Type.Null()

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

interface Description {
  /** `createCustomer`: unique in its surface; names it in OpenAPI. */
  id: string
  method: Method
  /** Below the surface's base path: `/customers/{customerId}`. */
  path: string
  /** The group it stands under in the reference. */
  tag: string
  summary: string
  description?: string
  /** Afterwards no key is taken from memory; a token, which ends, may not call it. */
  changesKeys?: true
  /** All that it writes goes through `insertTogether`: once by a key, it is still one statement. */
  insertsOnly?: true
  /** Of query or body: for those alone who see personal data in clear; see Surface.masking. */
  clearMembers?: readonly string[]
  /** Costs what a list does, without a page: it takes a place among them (list-places.ts). */
  readsMany?: true
  /** In order of precedence; what every operation can answer is not repeated. */
  errors: ErrorDefinition[]
}

interface Schemas<P extends TObject, Q extends TObject, B extends TSchema, R extends TSchema> {
  params?: P
  query?: Q
  /** Left out: the operation takes no body. */
  body?: B
  /** No body says the same as `{}`. */
  isBodyOptional?: boolean
  /** The body may also be application/x-www-form-urlencoded: members that are text. */
  takesForm?: boolean
  /** The body is a merge patch (RFC 7396), and may also say so in its media type. */
  takesMergePatch?: true
  /** In place of `is not known here`, for members of the body that it does not take. */
  unknownMember?: string
  /** Its input has what `If-Match` says; the refusal of a request without one is its own. */
  takesIfMatch?: true
  /** The body is multipart/form-data with these parts, and `before` reads it. */
  upload?: UploadPart[]
  returns: {
    status: number
    description: string
    schema: R
    /** Bytes of this type instead of JSON: `handle` answers a `Download`. */
    contentType?: string
    /** Of JSON: the version that the `ETag` header names. */
    versionOf?(answer: Static<R>): number | undefined
  }
}

export interface Input<P, Q, B> {
  params: P
  query: Q
  body: B
  /** As it was sent; `null`: it was not, or the operation takes none. */
  ifMatch: string | null
}

export interface UploadPart {
  name: string
  description: string
  isFile: boolean
  isRequired: boolean
}

/** What `before` made: `handle` gets the value, and a repeat must have the same fingerprint. */
export interface Prepared<N> {
  value: N
  fingerprint: Json
}

export interface Definition<
  P extends TObject,
  Q extends TObject,
  B extends TSchema,
  R extends TSchema,
  N,
> extends Description,
    Schemas<P, Q, B, R> {
  /** What a key needs: `payouts:write`. */
  scope: string
  /** What needs the network or takes long: done before any transaction opens. */
  before?(
    context: Context,
    input: Input<Static<P>, Static<Q>, Static<B>>,
    request: IncomingMessage,
  ): Promise<Prepared<N>>
  handle(
    context: Context,
    input: Input<Static<P>, Static<Q>, Static<B>>,
    prepared: N,
  ): Promise<Static<R>>
}

/** An operation that stands before any key, as asking for a token does. */
export interface OpenDefinition<
  P extends TObject,
  Q extends TObject,
  B extends TSchema,
  R extends TSchema,
> extends Description,
    Schemas<P, Q, B, R> {
  handle(
    system: System,
    input: Input<Static<P>, Static<Q>, Static<B>>,
    headers: IncomingHttpHeaders,
  ): Promise<Static<R>>
}

/** A request before it is checked. */
export interface RawInput {
  params: unknown
  query: Record<string, unknown>
  body: unknown
  ifMatch: string | null
}

/** Checked, and then known to its operation alone. */
export type AnyInput = Input<unknown, unknown, unknown>

/** An operation with its schemas compiled. */
export interface Runner<C> {
  parse(raw: RawInput): AnyInput
  before(context: C, input: unknown, request: IncomingMessage): Promise<Prepared<unknown>>
  handle(context: C, input: unknown, prepared: unknown): Promise<unknown>
}

interface AnyOperation extends Description, Schemas<TObject, TObject, TSchema, TSchema> {}

export type Operation = AnyOperation &
  ({ scope: string; prepare(): Runner<Context> } | { scope: null; prepare(): Runner<System> })

export function defineOperation<
  P extends TObject,
  Q extends TObject,
  B extends TSchema,
  R extends TSchema,
  N = undefined,
>(definition: Definition<P, Q, B, R, N>): Operation {
  const { handle, before, ...description } = definition
  // Checked just before against the schemas that these types are derived from.
  type Checked = Input<Static<P>, Static<Q>, Static<B>>
  return {
    ...description,
    prepare: () => ({
      parse: compileInput(definition),
      before: async (context, input, request) =>
        before
          ? before(context, input as Checked, request)
          : { value: undefined, fingerprint: null },
      handle: (context, input, prepared) => handle(context, input as Checked, prepared as N),
    }),
  }
}

export function defineOpenOperation<
  P extends TObject,
  Q extends TObject,
  B extends TSchema,
  R extends TSchema,
>(definition: OpenDefinition<P, Q, B, R>): Operation {
  const { handle, ...description } = definition
  type Checked = Input<Static<P>, Static<Q>, Static<B>>
  return {
    ...description,
    scope: null,
    prepare: () => ({
      parse: compileInput(definition),
      before: async () => ({ value: undefined, fingerprint: null }),
      handle: (system, input, headers) =>
        handle(system, input as Checked, headers as IncomingHttpHeaders),
    }),
  }
}

/** Path parameters are text by construction of the route. */
function compileInput(schemas: Schemas<TObject, TObject, TSchema, TSchema>) {
  const parseQuery = compileQueryParser(schemas.query)
  // A multipart body is read part by part, in `before`.
  const ignoreBody = () => undefined
  const parseBody = schemas.body
    ? compileParser(schemas.body, schemas.unknownMember)
    : schemas.upload
      ? ignoreBody
      : refuseBody
  return (raw: RawInput) => ({
    params: raw.params,
    query: parseQuery(raw.query),
    body: parseBody(raw.body === undefined && schemas.isBodyOptional ? {} : raw.body),
    ifMatch: schemas.takesIfMatch ? raw.ifMatch : null,
  })
}

// Owns what an operation is: one value from which come validation, types, OpenAPI and the route.
import type { Static, TObject, TSchema } from 'typebox'
import type { Context } from '../core/context.ts'
import type { ErrorDefinition } from '../core/errors.ts'
import { compileParser, compileQueryParser, refuseBody } from './parse.ts'

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
  /** What a key needs: `payouts:write`. */
  scope: string
  /** In order of precedence; what every operation can answer is not repeated. */
  errors: ErrorDefinition[]
}

interface Schemas<P extends TObject, Q extends TObject, B extends TSchema, R extends TSchema> {
  params?: P
  query?: Q
  /** Left out: the operation takes no body. */
  body?: B
  returns: { status: number; description: string; schema: R }
}

export interface Input<P, Q, B> {
  params: P
  query: Q
  body: B
}

export interface Definition<
  P extends TObject,
  Q extends TObject,
  B extends TSchema,
  R extends TSchema,
> extends Description,
    Schemas<P, Q, B, R> {
  handle(context: Context, input: Input<Static<P>, Static<Q>, Static<B>>): Promise<Static<R>>
}

/** A request before it is checked. */
export interface RawInput {
  params: unknown
  query: Record<string, unknown>
  body: unknown
}

export interface Operation extends Description, Schemas<TObject, TObject, TSchema, TSchema> {
  /** Compiles the schemas; the answer checks a request and then handles it. */
  prepare(): (context: Context, raw: RawInput) => Promise<unknown>
}

export function defineOperation<
  P extends TObject,
  Q extends TObject,
  B extends TSchema,
  R extends TSchema,
>(definition: Definition<P, Q, B, R>): Operation {
  const { handle, ...description } = definition
  return {
    ...description,
    prepare() {
      const parseQuery = compileQueryParser(definition.query)
      const parseBody = definition.body ? compileParser(definition.body) : refuseBody
      return async (context, raw) => {
        const query = parseQuery(raw.query)
        const body = parseBody(raw.body)
        // Checked just now against the schemas that these types are derived from. Path parameters
        // are text by construction of the route.
        return handle(context, { params: raw.params, query, body } as CheckedInput<P, Q, B>)
      }
    },
  }
}

type CheckedInput<P extends TObject, Q extends TObject, B extends TSchema> = Input<
  Static<P>,
  Static<Q>,
  Static<B>
>

// Owns the header parameters of the OpenAPI documents: what a request may say beside its body.
import type { JsonSchema } from './json-schema.ts'
import { limits } from './limits.ts'
import { appHeader, operatorHeader } from './operators.ts'
import type { Surface } from './surface.ts'

export interface ParameterObject {
  name: string
  in: 'path' | 'query' | 'header'
  required: boolean
  /** An object in a query: `metadata[plan]=gold`. */
  style?: 'deepObject'
  explode?: true
  description?: string
  schema: JsonSchema
}

export function idempotencyParameter(surface: Surface): ParameterObject {
  return {
    name: headerName(surface.idempotencyHeaders[0] ?? 'idempotency-key'),
    in: 'header',
    required: false,
    description:
      'A value of your choice, new for each write. A retry with the same value and the same ' +
      'request gets the first answer again and has no second effect.',
    schema: { type: 'string', minLength: 1, maxLength: limits.idempotencyKeyLengthMax },
  }
}

export function operatorParameters(): Record<string, ParameterObject> {
  return {
    App: {
      name: headerName(appHeader),
      in: 'header',
      required: false,
      description:
        "With an operator key: the app of the merchant that is meant. Left out: the key's.",
      schema: { type: 'string', examples: ['app_01h455vb4pex5vsknk084sn02q'] },
    },
    Operator: {
      name: headerName(operatorHeader),
      in: 'header',
      required: false,
      description: 'Who acts, for the history, which names the key and this: `operator:<name>`.',
      schema: { type: 'string', minLength: 1, maxLength: 100, examples: ['ana.gomez'] },
    },
  }
}

export const ifMatchParameter: ParameterObject = {
  name: 'If-Match',
  in: 'header',
  required: true,
  description:
    'The `ETag` of the answer that you decided upon, or `*` for whatever stands. Another version ' +
    'by now refuses the request.',
  schema: { type: 'string', maxLength: 200, examples: ['"3"'] },
}

/** `request-id` → `Request-Id` */
export function headerName(lowerCase: string): string {
  return lowerCase.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase())
}

// Owns the first request of each surface, to be pasted into a shell.

export interface Example {
  /** Below the surface's base path. */
  path: string
  /** Left out: it is a GET. */
  body?: object
  /** How the key is presented. */
  header: (secret: string) => string
}

const bearer = (secret: string) => `Authorization: Bearer ${secret}`

/** By the name of the surface; a surface without one fails the test beside this file. */
export const examples: Record<string, Example> = {
  orchestration: {
    path: '/api/v1/customers',
    body: { email: 'alice@example.com', first_name: 'Alice', country_code: 'US' },
    header: bearer,
  },
  payouts: {
    path: '/customers',
    body: { type: 'individual', name: 'Gerardo Ratto', country: 'AR' },
    header: bearer,
  },
  crypto: {
    path: '/customers',
    body: { email: 'ada@example.com', name: 'Ada Lovelace' },
    header: (secret) => `x-api-key: ${secret}`,
  },
  banking: { path: '/v1/customers', header: bearer },
  platform: { path: '/connections', header: bearer },
}

/** One command over lines; single quotes keep the shell out of it. */
export function toCurl(example: Example, baseUrl: string, secret: string): string[] {
  return [
    `curl ${baseUrl}${example.path} -H '${example.header(secret)}'${example.body ? ' \\' : ''}`,
    ...(example.body
      ? [`  -H 'Content-Type: application/json' \\`, `  -d '${JSON.stringify(example.body)}'`]
      : []),
  ]
}

// Owns the access token: one for all calls of a client, had when first needed and renewed in time.
import { type Call, type Client, isObject } from './client.ts'
import { type Credential, isSecret } from './options.ts'
import type { Result } from './result.ts'

export interface AccessTokenParts {
  /** Sends the grant; it has no credential of its own. */
  client: Client
  /** The request that asks for a token. */
  grant: Omit<Call, 'answers' | 'isGrant'>
  /** What no error may show. */
  secrets: readonly string[]
  now: () => number
}

interface Token {
  text: string
  expiresAtMs: number
}

interface Grant {
  access_token: string
  token_type: string
  expires_in: number
}

/** A token with less left is renewed before it is used, for a call and its waits take time. */
const renewalMs = 60_000

export function createAccessToken(parts: AccessTokenParts): Credential {
  let current: Token | undefined
  /** Shared by those who need a token now; it never rejects, and no caller's signal ends it. */
  let pending: Promise<Result<Grant>> | undefined
  const renew = async (): Promise<Result<Grant>> => {
    // Counted from before the request: the server's own count begins later.
    const askedAtMs = parts.now()
    const grant = await requestGrant(parts)
    if (grant.ok) {
      const { access_token: text, expires_in: seconds } = grant.value
      current = { text, expiresAtMs: askedAtMs + seconds * 1_000 }
    }
    pending = undefined
    return grant
  }
  return {
    secrets: parts.secrets,
    async bearer() {
      if (current && current.expiresAtMs - parts.now() >= renewalMs) return current.text
      pending ??= renew()
      const grant = await pending
      if (!grant.ok) throw grant.error
      return grant.value.access_token
    },
    renew(refused) {
      // Of callers that one token was refused to, the first forgets it; the others meet the next.
      if (current?.text === refused) current = undefined
      return true
    },
  }
}

function requestGrant({ client, grant }: AccessTokenParts) {
  return client.call<Grant>({ ...grant, answers: isGrant, isGrant: true })
}

function isGrant(json: unknown): json is Grant {
  if (!isObject(json)) return false
  const { access_token: token, token_type: type, expires_in: seconds } = json
  const isBearer = typeof type === 'string' && type.toLowerCase() === 'bearer'
  return isSecret(token) && isBearer && typeof seconds === 'number' && seconds > 0
}

// Owns what tests of the orchestration client share: credentials, a grant, a client of a stand-in.
import { createOakClient, type OakClientOptions } from '../oak-client.ts'
import type { Reaction, StandIn } from './stand-in.ts'

export const clientId = 'key_01h455vb4pex5vsknk084sn02q'
export const clientSecret = 'sk_test_secret0123456789'

/** What the server answers to a grant. */
export const granted = (token = 'token-1', seconds = 3_600): Reaction => ({
  status: 200,
  body: { access_token: token, token_type: 'Bearer', expires_in: seconds },
})

export const answered = (data: unknown, status = 200): Reaction => ({
  status,
  body: { msg: 'Done', data },
})

/** A client whose waits are noted instead of waited, without jitter. */
export function oakClientOf(standIn: StandIn, more: Partial<OakClientOptions> = {}) {
  const waits: number[] = []
  const wait = async (ms: number) => {
    waits.push(ms)
  }
  const client = createOakClient({
    environment: 'sandbox',
    clientId,
    clientSecret,
    customUrl: `${standIn.url}/orchestration`,
    retryOptions: { wait, random: () => 1 },
    ...more,
  })
  return { client, waits }
}

/** What arrived, in short: `POST /orchestration/… Bearer token-1`. */
export const linesOf = (standIn: StandIn): string[] =>
  standIn.received.map(({ method, path, headers }) =>
    [method, path.replace('/orchestration/api/v1/', ''), headers.authorization ?? '-'].join(' '),
  )

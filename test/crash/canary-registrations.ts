// Owns sending canaries the way to providers: customers, files, credentials, replies, webhooks.
import Stripe from 'stripe'
import { createMerchant } from '../../server/src/core/apps/app-service.ts'
import { makePdf } from '../../server/src/core/files/testing/file-samples.ts'
import { type StandIn, startStandIn } from '../../server/src/providers/testing/stand-in.ts'
import { toForm } from '../example-requests.ts'
import type { Answer, CallOptions, TestServer } from '../harness.ts'
import type { Canaries } from './canaries.ts'

type CanarySet = ReturnType<Canaries['of']>

export interface CanaryProviders {
  /** Plays Stripe, and says in every refusal what it was sent. */
  standIn: StandIn
  /** Saves and submits what is personal of one customer; the jobs are still to be run. */
  make(own: CanarySet): Promise<string>
  /** The customer, the files and their bytes, the registrations, as their owner reads them. */
  readBack(id: string): Promise<string>
  /** Webhooks with personal data: accepted, unsigned, and broken. Answers their statuses. */
  sendWebhooks(own: CanarySet): Promise<number[]>
}

/** An app of its own: connected to Stripe with `own`, in the sandbox for every other provider. */
export async function openCanaryProviders(
  server: TestServer,
  { credentials }: CanarySet,
  refused: CanarySet,
): Promise<CanaryProviders> {
  const { test } = await createMerchant(server.system, 'Canary merchant')
  const key = await server.createKey(test)
  const standIn = await startStandIn(({ path, headers, body }) =>
    path === '/v1/balance' && headers.authorization === `Bearer ${credentials.secret}`
      ? { status: 200, body: balance }
      : { status: 400, body: refusalOf(`${headers.authorization} ${body}`) },
  )
  const call = (method: string, path: string, options: CallOptions = {}) =>
    server.call(method, path, { key, ...options })
  const connect = (own: CanarySet['credentials']) =>
    call('PUT', '/v1/connections/stripe', {
      body: {
        credentials: { secret_key: own.secret, webhook_secret: own.webhookSecret },
        base_url: standIn.url,
      },
    })
  const { webhook_path: webhookPath } = succeed(await connect(credentials))
  const answer = await connect(refused.credentials)
  if (answer.status !== 422) throw new Error(`refused credentials: ${answer.status}`)
  return {
    standIn,
    make: (own) => make(call, own),
    readBack: (id) => readBack(call, id),
    sendWebhooks: (own) =>
      sendWebhooks(own, credentials.webhookSecret, async (body, signature) => {
        const headers = { 'stripe-signature': signature }
        return (await call('POST', webhookPath, { body, headers, key: null })).status
      }),
  }
}

const balance = {
  object: 'balance',
  available: [{ amount: 0, currency: 'usd' }],
  pending: [{ amount: 0, currency: 'usd' }],
  livemode: false,
}

/** As Stripe does, which shows the value that it refuses. */
const refusalOf = (sent: string) => ({
  error: { type: 'invalid_request_error', message: `Invalid: ${decodeURIComponent(sent)}` },
})

type Call = (method: string, path: string, options?: CallOptions) => Promise<Answer>
const base = '/orchestration/api/v1'

async function make(call: Call, own: CanarySet): Promise<string> {
  const headers = { 'idempotency-key': `${own.idempotencyKey}-orchestrated` }
  const options = { headers, body: own.orchestrated }
  const { id } = succeed(await call('POST', `${base}/customers`, options)).data
  const form = toForm([
    { name: 'file', fileName: `${own.fileName}.pdf`, value: makePdf(own.fileContent) },
  ])
  succeed(await call('POST', `${base}/customers/${id}/files`, form))
  for (const provider of ['stripe', 'bridge']) {
    const body = { provider, target_role: 'customer', provider_data: own.providerData }
    succeed(await call('POST', `${base}/provider-registration/${id}/submit`, { body }))
  }
  // Refused, with the same values.
  const wrong = { ...own.orchestrated, country_code: 'Brazil' }
  const refusals = await Promise.all([
    call('PUT', `${base}/customers/${id}`, { body: wrong }),
    call('GET', `${base}/customers/${encodeURIComponent(own.fileName)}`),
    call('POST', `${base}/customers/${id}/files`, { ...form, body: form.body.subarray(0, -60) }),
  ])
  const statuses = refusals.map(({ status }) => status)
  if (statuses.some((status) => status < 400)) throw new Error(`refused: ${statuses}`)
  return id
}

async function readBack(call: Call, id: string): Promise<string> {
  const answers = [
    await call('GET', `${base}/customers/${id}`),
    await call('GET', `${base}/provider-registration/${id}/status`),
    await call('GET', `${base}/customers/${id}/files`),
  ]
  const [file] = answers[2]?.json.data ?? []
  answers.push(await call('GET', `${base}/customers/${id}/files/${file.id}`))
  return answers.map(({ text }) => text).join('\n')
}

async function sendWebhooks(
  own: CanarySet,
  secret: string,
  send: (body: string, signature: string) => Promise<number>,
): Promise<number[]> {
  const { email, first_name: name } = own.orchestrated
  const event = (object: object) =>
    JSON.stringify({
      id: 'evt_canary',
      object: 'event',
      type: 'customer.deleted',
      created: 1_790_000_000,
      data: { object },
    })
  const customer = event({ id: 'cus_canary', object: 'customer', name, email })
  const broken = event({ id: name, object: email })
  const sign = (payload: string) => Stripe.webhooks.generateTestHeaderString({ payload, secret })
  return [
    await send(customer, sign(customer)),
    await send(customer, `${name}`),
    await send(broken, sign(broken)),
  ]
}

function succeed(answer: Answer): Answer['json'] {
  if (answer.status < 300) return answer.json
  throw new Error(`a canary was refused: ${answer.status} ${answer.text}`)
}

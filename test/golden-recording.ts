// Owns what a golden file is made of: every operation of a surface once, and its refusals.
import type { Operation } from '../server/src/http/operation.ts'
import type { Surface } from '../server/src/http/surface.ts'
import { exampleOf, examplesOf, pathOf } from './example-requests.ts'
import type { ExampleRequest, Ids, PreparedApp } from './examples/surface-examples.ts'
import type { GivenName, Golden, GoldenRequest, GoldenStep } from './golden-files.ts'
import type { Mask } from './golden-mask.ts'
import { refusalsOf } from './golden-refusals.ts'
import { exchange, give, moveTime } from './golden-steps.ts'
import type { Answer, TestServer } from './harness.ts'

export interface RecordingParts {
  server: TestServer
  app: PreparedApp
  mask: Mask
  surface: Surface
}

export interface Recorder {
  steps: GoldenStep[]
  app: PreparedApp
  give(given: GivenName, ...input: unknown[]): Promise<unknown>
  ask(name: string, request: GoldenRequest): Promise<Answer>
  /** With a key of every scope where none is named. */
  request(operation: Operation, example: ExampleRequest, key?: string): GoldenRequest
}

/** Of these operations alone: what an earlier file of the version has is not recorded again. */
export async function record(parts: RecordingParts, operations: Operation[]): Promise<Golden> {
  const { surface } = parts
  const recorder = createRecorder(parts)
  let ids = await prepare(recorder, surface)
  for (const operation of operations) {
    const isDone = await tryOnce(recorder, { surface, operation, ids })
    if (isDone) continue
    // What came before has used up what it was to act on.
    ids = await prepare(recorder, surface)
    const isDoneNow = await tryOnce(recorder, { surface, operation, ids })
    if (!isDoneNow) throw new Error(`${surface.name} ${operation.id} does not succeed`)
  }
  const isWhole = operations.length === surface.operations.length
  if (isWhole) await refusalsOf(recorder, surface, await prepare(recorder, surface))
  return { surface: surface.name, version: surface.version, steps: recorder.steps }
}

async function tryOnce(
  recorder: Recorder,
  target: { surface: Surface; operation: Operation; ids: Ids },
): Promise<boolean> {
  const { surface, operation, ids } = target
  const example = exampleOf(surface, operation, ids)
  const { status } = await recorder.ask(operation.id, recorder.request(operation, example))
  return status === operation.returns.status
}

function prepare(recorder: Recorder, surface: Surface): Promise<Ids> {
  return examplesOf(surface).prepare(async (operationId, example) => {
    const operation = surface.operations.find(({ id }) => id === operationId)
    if (!operation) throw new Error(`${surface.name} has no ${operationId}`)
    return recorder.ask(operationId, recorder.request(operation, example))
  }, recorder.app)
}

function createRecorder(parts: RecordingParts): Recorder {
  const { server, mask, surface, app } = parts
  const steps: GoldenStep[] = []
  const recorder: Recorder = {
    steps,
    app: recordedApp(app, (given, ...input) => recorder.give(given, ...input)),
    async give(given, ...input) {
      moveTime(steps.length)
      const shown = mask.ofRequest(input)
      const made = (await give(parts, { given, input })) ?? null
      steps.push({ given, input: shown, made: mask.ofAnswer(made) })
      return made
    },
    async ask(name, request) {
      moveTime(steps.length)
      const shown = mask.ofRequest(request)
      const { answer, reply } = await exchange(server, mask, request)
      steps.push({ name, request: shown, reply })
      return answer
    },
    request(operation, example, key = app.credentials.secret) {
      const headers = { ...examplesOf(surface).credentials(key), ...example.headers }
      const path = pathOf(surface, operation, example)
      return { method: operation.method, path, headers, ...contentOf(example) }
    },
  }
  return recorder
}

function contentOf({ body, form }: ExampleRequest): Pick<GoldenRequest, 'json' | 'form'> {
  if (body !== undefined) return { json: body }
  if (!form) return {}
  return {
    form: form.map(({ value, ...part }) => {
      const text = Buffer.from(value).toString('utf8')
      const isText = Buffer.from(text).equals(Buffer.from(value))
      return isText ? { ...part, text } : { ...part, base64: Buffer.from(value).toString('base64') }
    }),
  }
}

/** Everything that examples ask for beside the surface becomes a step of its own. */
function recordedApp(app: PreparedApp, record: Recorder['give']): PreparedApp {
  const text = async (given: GivenName, ...input: unknown[]) =>
    String(await record(given, ...input))
  return {
    credentials: app.credentials,
    connectBridge: async () => {
      await record('connectBridge')
    },
    makeCustomer: () => text('makeCustomer'),
    makeBankingCustomer: async (kind) => {
      const made = Object(await record('makeBankingCustomer', kind))
      const { customerId, individualId, accountId } = made
      return { customerId, individualId, accountId }
    },
    makeSubmittedApplication: () => text('makeSubmittedApplication'),
    makePayout: () => text('makePayout'),
    makePayable: async (customerId) => {
      const made = Object(await record('makePayable', customerId))
      const { bankAccountId, walletId, paymentIntentId, subscriptionId } = made
      return { bankAccountId, walletId, paymentIntentId, subscriptionId }
    },
    makeRegistration: (customerId) => text('makeRegistration', customerId),
    signMessage: (message) => text('signMessage', message),
    drainJobs: async () => {
      await record('drainJobs')
    },
  }
}

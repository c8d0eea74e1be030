// Owns the steps of a golden file: asking one, and asking them all again.
import { vi } from 'vitest'
import { toForm } from './example-requests.ts'
import type { PreparedApp } from './examples/surface-examples.ts'
import type { Given, Golden, GoldenReply, GoldenRequest } from './golden-files.ts'
import type { Mask } from './golden-mask.ts'
import type { Answer, CallOptions, TestServer } from './harness.ts'

/** The first moment of every recording; each step is a second later. */
const firstMoment = Date.parse('2026-11-21T12:00:00.000Z')

/** Time stands while a step runs, so that moments are a part of what is compared. */
export function holdTime(): void {
  vi.useFakeTimers({ toFake: ['Date'], now: firstMoment })
}

export function moveTime(step: number): void {
  vi.setSystemTime(firstMoment + (step + 1) * 1_000)
}

/** About the connection, or this moment, and no part of what a surface says. */
const passingHeaders = new Set([
  'connection',
  'content-length',
  'date',
  'keep-alive',
  'ratelimit',
  'transfer-encoding',
])

/** Sends a request with the values of this run; the answer comes back under its names. */
export async function exchange(
  server: TestServer,
  mask: Mask,
  request: GoldenRequest,
): Promise<{ answer: Answer; reply: GoldenReply }> {
  const { method, path, headers } = request
  const options: CallOptions = { key: null, headers, ...bodyOf(request) }
  const answer = await server.call(method, path, options)
  const requestId = answer.headers.get('request-id') ?? answer.headers.get('x-request-id')
  const told = [...answer.headers].filter(([name]) => !passingHeaders.has(name))
  const content =
    answer.json !== undefined ? { json: answer.json } : answer.text ? { text: answer.text } : {}
  const reply = { status: answer.status, headers: Object.fromEntries(told), ...content }
  return { answer, reply: mask.ofAnswer(reply, requestId ?? undefined) }
}

function bodyOf({ headers, json, text, times = 1, form }: GoldenRequest): CallOptions {
  if (form) {
    const parts = form.map(({ base64, text: value = '', ...part }) => {
      return { ...part, value: base64 === undefined ? value : Buffer.from(base64, 'base64') }
    })
    const sent = toForm(parts)
    return { headers: { ...headers, ...sent.headers }, body: sent.body }
  }
  if (text !== undefined) return { body: text.repeat(times) }
  return json === undefined ? {} : { body: json }
}

/** Makes what stands before a call. */
export async function give(
  parts: { server: TestServer; app: PreparedApp },
  { given, input }: Pick<Given, 'given' | 'input'>,
): Promise<unknown> {
  const { server, app } = parts
  if (given === 'key') return server.createKey(server.testApp, input.map(String))
  const make: (...values: never[]) => Promise<unknown> = app[given]
  return make(...(input as never[]))
}

/** Plays every step again; says each place where an answer is not what was published. */
export async function replay(
  parts: { server: TestServer; app: PreparedApp; mask: Mask },
  golden: Golden,
): Promise<string[]> {
  const { server, mask } = parts
  const problems: string[] = []
  for (const [index, step] of golden.steps.entries()) {
    moveTime(index)
    if ('given' in step) {
      const input = mask.undo(step.input)
      mask.ofRequest(input)
      const made = mask.ofAnswer((await give(parts, { given: step.given, input })) ?? null)
      problems.push(...differences(`${index} ${step.given}`, step.made, made))
      continue
    }
    const request = mask.undo(step.request)
    mask.ofRequest(request)
    const { reply } = await exchange(server, mask, request)
    problems.push(...differences(`${index} ${step.name}`, step.reply, reply))
  }
  return problems
}

/** For people, who are told it in better words one day. */
const words = new Set(['message', 'detail', 'title'])

/** What was there stands as it was; what is new beside it disturbs nobody. */
export function differences(place: string, before: unknown, after: unknown): string[] {
  if (isRecord(before) && isRecord(after)) {
    const isRefusal = typeof before['status'] === 'number' && before['status'] >= 400
    return Object.entries(before).flatMap(([name, member]) =>
      isRefusal && name === 'json'
        ? differences(`${place}.json`, withoutWords(member), withoutWords(after[name]))
        : differences(`${place}.${name}`, member, after[name]),
    )
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((entry, index) => differences(`${place}[${index}]`, entry, after[index]))
  }
  const [was, is] = [JSON.stringify(before), JSON.stringify(after)]
  return was === is ? [] : [`${place}: was ${was}, is ${is}`]
}

function withoutWords(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutWords)
  if (!isRecord(value)) return value
  const entries = Object.entries(value).map(([name, member]): [string, unknown] => {
    return [name, words.has(name) ? typeof member : withoutWords(member)]
  })
  return Object.fromEntries(entries)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

// Owns the checkpoint file: lines of heads under a signature that only the master key makes.
import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import type { CheckpointLine } from '../core/events/checkpoint-service.ts'
import { equalSecrets } from '../lib/equal-secrets.ts'
import { Refusal } from '../lib/refusal.ts'
import type { Vault } from '../vault/vault.ts'

const titlePattern = /^clientele-checkpoint-1 (\d{4}-\d{2}-\d{2}T[\d:.]+Z)$/
const appPattern = /^app ([0-9a-f-]{36})$/
const headPattern = /^([0-9a-f-]{36}) ([1-9]\d{0,15}) ([\w-]{43})$/
const endPattern = /\n(end \d{1,16} )([\w-]{43})\n$/
const endBytesMax = 128

export interface CheckpointSummary {
  createdAt: string
  apps: number
  customers: number
}

interface Content {
  createdAt: string
  pages: AsyncIterable<CheckpointLine[]>
}

/** Writes all of it to `path`, where nothing may stand, durably; or leaves nothing there. */
export async function writeCheckpoint(
  path: string,
  vault: Vault,
  content: Content,
): Promise<CheckpointSummary> {
  const file = await open(path, 'wx', 0o600)
  try {
    return await writeInto(file, vault, content)
  } catch (error) {
    await rm(path, { force: true })
    throw error
  } finally {
    await file.close()
  }
}

async function writeInto(
  file: FileHandle,
  vault: Vault,
  { createdAt, pages }: Content,
): Promise<CheckpointSummary> {
  const hash = createHash('sha256')
  let [apps, customers] = [0, 0]
  let appId: string | null = null
  await append(file, hash, `clientele-checkpoint-1 ${createdAt}\n`)
  for await (const page of pages) {
    const lines: string[] = []
    for (const line of page) {
      if (line.appId !== appId) lines.push(`app ${line.appId}\n`)
      if (line.appId !== appId) apps += 1
      appId = line.appId
      lines.push(toLine(line))
    }
    customers += page.length
    await append(file, hash, lines.join(''))
  }
  await append(file, hash, `end ${customers} `)
  await file.writeFile(`${vault.sign(hash.digest()).toString('base64url')}\n`)
  await file.sync()
  return { createdAt, apps, customers }
}

async function append(file: FileHandle, hash: Hash, text: string): Promise<void> {
  hash.update(text)
  await file.writeFile(text)
}

function toLine({ customerId, head }: CheckpointLine): string {
  const hash = Buffer.from(head.hash).toString('base64url')
  return `${customerId} ${head.version} ${hash}\n`
}

export interface CheckpointReader {
  createdAt: string
  lines: AsyncIterable<CheckpointLine>
}

/** The signature is checked over all of it before a line is handed out. */
export async function openCheckpoint(path: string, vault: Vault): Promise<CheckpointReader> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    throw new Refusal('file_missing', `there is no file ${path}`, 'check its path')
  })
  try {
    const { size } = await file.stat()
    const tail = Buffer.alloc(Math.min(size, endBytesMax))
    await file.read(tail, 0, tail.length, size - tail.length)
    const [whole, end, signature] = endPattern.exec(tail.toString('latin1')) ?? []
    if (whole === undefined || end === undefined || signature === undefined) throw damaged(path)
    // Behind the line break that begins the match.
    const linesEnd = size - whole.length + 1
    const hash = createHash('sha256')
    for await (const part of createReadStream(path, { end: linesEnd + end.length - 1 })) {
      hash.update(part)
    }
    const expected = vault.sign(hash.digest())
    if (!equalSecrets(expected, Buffer.from(signature, 'base64url'))) throw damaged(path)
    const title = Buffer.alloc(Math.min(linesEnd, endBytesMax))
    await file.read(title, 0, title.length, 0)
    const createdAt = titlePattern.exec(title.toString('latin1').split('\n')[0] ?? '')?.[1]
    if (createdAt === undefined) throw damaged(path)
    return { createdAt, lines: readLines(path, linesEnd) }
  } finally {
    await file.close()
  }
}

async function* readLines(path: string, end: number): AsyncGenerator<CheckpointLine> {
  const lines = createInterface({ input: createReadStream(path, { end: end - 1 }) })
  let appId: string | null = null
  let isFirst = true
  for await (const text of lines) {
    if (isFirst) {
      isFirst = false
      continue
    }
    const app = appPattern.exec(text)?.[1]
    if (app !== undefined) {
      appId = app
      continue
    }
    const [, customerId, version, hash] = headPattern.exec(text) ?? []
    if (appId === null || customerId === undefined || hash === undefined) throw damaged(path)
    const head = { version: Number(version), hash: Buffer.from(hash, 'base64url') }
    yield { appId, customerId, head }
  }
}

function damaged(path: string): Refusal {
  return new Refusal(
    'checkpoint_damaged',
    `${path} is damaged, or another installation wrote it: the signature is not of its content`,
    'use another checkpoint, with the master key of this database',
  )
}

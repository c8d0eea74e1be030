// Owns `checkpoint`: a signed list of every customer's newest event, to be kept elsewhere.
import { existsSync } from 'node:fs'
import { rename, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { listHeads } from '../core/events/checkpoint-service.ts'
import { verifyChains } from '../core/events/verify-chains.ts'
import { Refusal } from '../lib/refusal.ts'
import { printTime } from '../lib/time.ts'
import { syncFolder } from './backup.ts'
import { type CheckpointSummary, writeCheckpoint } from './checkpoint-file.ts'
import { defineCommand } from './command.ts'

interface CheckpointResult extends CheckpointSummary {
  file: string
  bytes: number
}

export const checkpoint = defineCommand<CheckpointResult>({
  name: 'checkpoint',
  summary: 'write a signed list of every customer’s newest event, to verify against later',
  declare: (syntax) =>
    // Where the command is typed: a server that runs it may be in another folder.
    syntax.argument('<file>', 'file to make; keep it outside of this machine', (path) =>
      resolve(path),
    ),
  async run(host, args, job) {
    const file = String(args['file'])
    if (existsSync(file)) throw fileExists(file)
    const system = await host.openSystem()
    // What is broken already must not become what others are held against.
    const { broken } = await verifyChains(system, {
      signal: job.signal,
      report: ({ events }) => job.report(`${events} events verified`),
    })
    if (broken) throw historyBroken()
    const createdAt = printTime(system.clock.now())
    const part = `${file}.part`
    job.report('writing the checkpoint')
    const pages = listHeads(system)
    const writing = writeCheckpoint(part, system.vault, { createdAt, pages })
    const summary = await writing.catch((error: NodeJS.ErrnoException) => {
      throw error.code === undefined ? error : notWritable(file, error.code)
    })
    await rename(part, file)
    await syncFolder(dirname(file))
    const { size: bytes } = await stat(file)
    return { file, bytes, ...summary }
  },
  render: ({ file, bytes, customers, apps }) =>
    [
      `Wrote ${file}: ${customers.toLocaleString('en-US')} customers in ${apps} apps, ` +
        `${bytes.toLocaleString('en-US')} bytes`,
      '  Keep it where whoever changes the database cannot reach it',
      '  Later: clientele verify --checkpoint FILE',
    ].join('\n'),
})

function fileExists(file: string): Refusal {
  return new Refusal('file_exists', `${file} exists already`, 'name another file')
}

function historyBroken(): Refusal {
  return new Refusal('history_broken', 'a hash chain is broken', 'run: clientele verify')
}

function notWritable(file: string, code: string): Refusal {
  return new Refusal(
    'file_not_writable',
    `${file} cannot be written (${code})`,
    'name a file in a folder that the user of the server may write to',
  )
}

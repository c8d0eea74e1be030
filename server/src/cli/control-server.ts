// Owns the socket in the data folder on which a server runs commands for the command line.
import { chmodSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { systemClock } from '../lib/clock.ts'
import type { Command, Host } from './command.ts'
import {
  type ControlReply,
  type ControlRequest,
  controlLimits,
  controlPath,
  isPathTooLong,
  onLines,
} from './control-protocol.ts'
import { type Failure, toFailure } from './failure.ts'

export interface ControlServer {
  /** Takes no more commands, ends the running ones, and removes the file. */
  close(): Promise<void>
}

/** `null` where the path is too long for the system: then commands are refused while it runs. */
export async function listenForCommands(
  host: Host,
  commands: Command[],
): Promise<ControlServer | null> {
  const path = controlPath(host.config.dataDir)
  if (isPathTooLong(path)) return null
  const running = new Map<Promise<void>, AbortController>()
  const server = createServer((socket) => {
    const ending = new AbortController()
    const task = serveOne({ socket, host, commands, ending }).finally(() => running.delete(task))
    running.set(task, ending)
  })
  server.maxConnections = controlLimits.connectionsMax
  // We hold the folder's lock: whatever file is here was left by a server that is dead.
  rmSync(path, { force: true })
  await listen(server, path)
  return {
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const ending of running.values()) ending.abort()
      await Promise.all([closed, ...running.keys()])
      rmSync(path, { force: true })
    },
  }
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    // The mask covers the moment between making the file and setting its mode.
    const mask = process.umask(0o177)
    try {
      server.listen(path, () => {
        server.off('error', reject)
        // A failing connection ends by itself; it must not end the server.
        server.on('error', () => {})
        resolve()
      })
      chmodSync(path, 0o600)
    } finally {
      process.umask(mask)
    }
  })
}

interface Call {
  socket: Socket
  host: Host
  commands: Command[]
  ending: AbortController
}

async function serveOne(call: Call): Promise<void> {
  const { socket, ending } = call
  socket.on('error', () => socket.destroy())
  // Nobody reads the answer any more, so nobody needs the work.
  socket.once('close', () => ending.abort())
  const line = await readRequest(socket, ending.signal)
  if (line === null) {
    socket.destroy()
    return
  }
  const reply = await answer(call, line)
  // A client that does not read its answer must not hold up a server that wants to end.
  await new Promise<void>((resolve) => {
    if (socket.destroyed || ending.signal.aborted) return resolve()
    socket.once('close', () => resolve())
    socket.setTimeout(controlLimits.requestMsMax, () => socket.destroy())
    ending.signal.addEventListener('abort', () => resolve(), { once: true })
    socket.end(`${JSON.stringify(reply)}\n`)
  })
  socket.destroySoon()
}

/** `null` when no whole line of a permitted length comes in time. */
function readRequest(socket: Socket, signal: AbortSignal): Promise<string | null> {
  const read = new AbortController()
  const line = new Promise<string>((resolve) => {
    onLines(socket, controlLimits.requestBytesMax, resolve)
  })
  const late = AbortSignal.any([signal, read.signal])
  const timeout = systemClock.wait(controlLimits.requestMsMax, late).then(() => null)
  return Promise.race([line, timeout]).finally(() => read.abort())
}

async function answer(call: Call, line: string): Promise<ControlReply> {
  const { socket, host, commands, ending } = call
  const request = parseRequest(line)
  const command = commands.find(({ name }) => name === request?.command)
  if (!request || !command) return { error: unknownCommand }
  const report = (progress: string) => {
    if (socket.writable && !socket.writableNeedDrain) {
      socket.write(`${JSON.stringify({ progress } satisfies ControlReply)}\n`)
    }
  }
  try {
    return { result: await command.run(host, request.args, { report, signal: ending.signal }) }
  } catch (error) {
    return { error: toFailure(error, host.config) }
  }
}

/** The other end may be of another version, or no command line at all. */
const unknownCommand: Failure = {
  code: 'unknown_command',
  message: 'the running server does not know this command',
  fix: 'use the command line of the same version as the server',
}

function parseRequest(line: string): ControlRequest | null {
  try {
    const { command, args } = JSON.parse(line)
    const isRequest = typeof command === 'string' && typeof args === 'object' && args !== null
    return isRequest ? { command, args } : null
  } catch {
    return null
  }
}

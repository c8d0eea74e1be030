// Owns the lines between the command line and a running server: one asks, several answer.

import type { Socket } from 'node:net'
import { join } from 'node:path'
import type { Args } from './command.ts'
import type { Failure } from './failure.ts'

export interface ControlRequest {
  command: string
  args: Args
}

/** `progress` any number of times, then one `result` or `error`, then the end. */
export type ControlReply = { progress: string } | { result: object } | { error: Failure }

export const controlLimits = {
  requestBytesMax: 64 * 1024,
  /** From the connection to the whole request line. */
  requestMsMax: 5_000,
  replyLineBytesMax: 8 * 1024 * 1024,
  /** A server that is silent for longer has not heard. */
  silenceMsMax: 30_000,
  connectionsMax: 8,
} as const

/** The room for a socket's path in the system's own structure, less its closing zero. */
const pathBytesMax = process.platform === 'linux' ? 107 : 103

export function controlPath(dataDir: string): string {
  return join(dataDir, 'control.sock')
}

export function isPathTooLong(path: string): boolean {
  return Buffer.byteLength(path) > pathBytesMax
}

/** Hands over each whole line; ends the connection when one is longer than `bytesMax`. */
export function onLines(socket: Socket, bytesMax: number, handle: (line: string) => void): void {
  let chunks: Buffer[] = []
  let bytes = 0
  socket.on('data', (data: Buffer) => {
    let rest = data
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      const line = Buffer.concat([...chunks, rest.subarray(0, end)])
      chunks = []
      bytes = 0
      rest = rest.subarray(end + 1)
      if (line.length <= bytesMax) handle(line.toString('utf8'))
      else socket.destroy()
    }
    chunks.push(rest)
    bytes += rest.length
    if (bytes > bytesMax) socket.destroy()
  })
}

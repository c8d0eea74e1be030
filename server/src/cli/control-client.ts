// Owns asking a running server to run a command: over the socket in its data folder.
import { createConnection, type Socket } from 'node:net'
import { Refusal, systemCode } from '../lib/refusal.ts'
import {
  type ControlReply,
  type ControlRequest,
  controlLimits,
  controlPath,
  isPathTooLong,
  onLines,
} from './control-protocol.ts'

export interface Question {
  dataDir: string
  request: ControlRequest
  report: (line: string) => void
  silenceMsMax?: number
}

/** The result; `null` when no server listens there. Throws the refusal that the server answers. */
export async function askServer(question: Question): Promise<object | null> {
  const path = controlPath(question.dataDir)
  if (isPathTooLong(path)) return null
  const socket = await connect(path)
  return socket === null ? null : converse(socket, question)
}

/** Nobody there: no such file, a file that a dead server has left, or something else's file. */
const nobodyCodes = /^(ENOENT|ECONNREFUSED|ENOTSOCK|ENOTDIR)$/

function connect(path: string): Promise<Socket | null> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path)
    socket.once('connect', () => resolve(socket))
    socket.once('error', (error) => {
      if (nobodyCodes.test(systemCode(error))) resolve(null)
      else reject(notAllowed(path, error))
    })
  })
}

function notAllowed(path: string, error: Error): Refusal {
  return new Refusal(
    'control_socket_unusable',
    `a server holds the data folder, and ${path} cannot be used (${systemCode(error)})`,
    'run this command as the user that runs the server',
  )
}

function converse(socket: Socket, question: Question): Promise<object> {
  const { request, report } = question
  return new Promise((resolve, reject) => {
    socket.setTimeout(question.silenceMsMax ?? controlLimits.silenceMsMax)
    socket.once('timeout', () => {
      reject(silent('does not answer'))
      socket.destroy()
    })
    socket.once('error', () => reject(silent('broke off')))
    // After a reply this changes nothing: the promise is settled.
    socket.once('close', () => reject(silent('ended without an answer')))
    onLines(socket, controlLimits.replyLineBytesMax, (line) => {
      const reply: ControlReply = JSON.parse(line)
      if ('progress' in reply) return report(reply.progress)
      if ('result' in reply) resolve(reply.result)
      else reject(new Refusal(reply.error.code, reply.error.message, reply.error.fix))
      socket.end()
    })
    socket.write(`${JSON.stringify(request)}\n`)
  })
}

export const serverSilentCode = 'server_silent'

function silent(how: string): Refusal {
  return new Refusal(
    serverSilentCode,
    `the server that holds the data folder ${how}`,
    'see its log; stop it and run the command again',
  )
}

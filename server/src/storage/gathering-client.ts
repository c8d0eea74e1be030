// Owns how statements leave: all that are sent in one turn of the event loop go in one packet.
import { Socket } from 'node:net'
import { Client, type ClientBase, type ClientConfig } from 'pg'
import { RowScope } from './row-scope.ts'

export interface Gathering {
  /** Whether to wait for the turn's other statements; not for what was gathered by others. */
  gathers: boolean
}

/**
 * A client whose socket holds its writes back until the turn ends. A pipelined transaction leaves
 * in one system call, and so do the reads of all requests that arrived together on one connection.
 */
export class GatheringClient extends Client {
  readonly rows = new RowScope(this)
  readonly #socket: Socket
  readonly #gathers: boolean
  #isGathering = false

  constructor(config: ClientConfig = {}, { gathers }: Gathering = { gathers: true }) {
    const socket = new Socket()
    super({ ...config, stream: () => socket })
    this.#socket = socket
    this.#gathers = gathers
  }

  /** Call before sending: what is sent until the turn ends leaves then. */
  gather(): void {
    if (this.#isGathering || !this.#gathers) return
    this.#isGathering = true
    this.#socket.cork()
    setImmediate(() => {
      this.#isGathering = false
      this.#socket.uncork()
    })
  }
}

/** Errors: for a client that a pool made otherwise, which is a mistake of ours. */
export function gatheringClient(client: ClientBase): GatheringClient {
  if (client instanceof GatheringClient) return client
  throw new Error('every connection is a GatheringClient')
}

// Owns how statements leave: all that are sent in one turn of the event loop go in one packet.
import { Socket } from 'node:net'
import { Client, type ClientConfig } from 'pg'

/**
 * A client whose socket holds its writes back until the turn ends. A pipelined transaction leaves
 * in one system call, and so do the reads of all requests that arrived together on one connection.
 */
export class GatheringClient extends Client {
  readonly #socket: Socket
  #isGathering = false

  constructor(config: ClientConfig = {}) {
    const socket = new Socket()
    super({ ...config, stream: () => socket })
    this.#socket = socket
  }

  /** Call before sending: what is sent until the turn ends leaves then. */
  gather(): void {
    if (this.#isGathering) return
    this.#isGathering = true
    this.#socket.cork()
    setImmediate(() => {
      this.#isGathering = false
      this.#socket.uncork()
    })
  }
}

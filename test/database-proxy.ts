// Owns a TCP proxy before PostgreSQL that a test can cut and mend: a database that goes away.
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

export interface DatabaseProxy {
  /** The database's URL, through the proxy. */
  url: string
  /** Breaks every connection, and refuses or swallows new ones. */
  cut(how: 'refused' | 'silent'): Promise<void>
  mend(): Promise<void>
  close(): Promise<void>
}

export async function startDatabaseProxy(databaseUrl: string): Promise<DatabaseProxy> {
  const target = new URL(databaseUrl)
  const open = new Set<Socket>()
  let isSilent = false
  const server = createServer((inner) => {
    open.add(inner)
    inner.once('close', () => open.delete(inner))
    inner.on('error', () => {})
    if (isSilent) return
    const outer = connect(Number(target.port), target.hostname)
    outer.on('error', () => inner.destroy())
    inner.on('close', () => outer.destroy())
    outer.on('close', () => inner.destroy())
    inner.pipe(outer)
    outer.pipe(inner)
  })
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  }
  const unplug = async () => {
    const closed = server.listening ? once(server, 'close') : null
    if (closed) server.close()
    for (const socket of open) socket.destroy()
    await closed
  }
  await listen(0)
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const url = new URL(databaseUrl)
  url.host = `127.0.0.1:${port}`
  return {
    url: url.href,
    async cut(how) {
      await unplug()
      isSilent = how === 'silent'
      if (isSilent) await listen(port)
    },
    async mend() {
      await unplug()
      isSilent = false
      await listen(port)
    },
    close: unplug,
  }
}

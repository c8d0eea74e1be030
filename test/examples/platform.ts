// Owns one request that succeeds for every operation of the platform surface.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { SurfaceExamples } from './surface-examples.ts'

const newConnection = { credentials: { access_token: 'APP_USR-example' } }

export const platform: SurfaceExamples = {
  credentials: (key) => ({ authorization: `Bearer ${key}` }),
  async prepare(call, { makeCustomer }) {
    const base_url = await providerUrl()
    await call('setConnection', {
      params: { provider: 'mercado_pago' },
      body: { ...newConnection, base_url },
    })
    return { base_url, id: await makeCustomer() }
  },
  missing: { id: 'cust_01h455vb4pex5vsknk084sn02q', provider: 'stripe' },
  requests: {
    listConnections: () => ({}),
    getConnection: ({ provider = 'mercado_pago' }) => ({ params: { provider } }),
    setConnection: ({ provider = 'mercado_pago', base_url = '' }) => ({
      params: { provider },
      body: { ...newConnection, base_url },
    }),
    testConnection: ({ provider = 'mercado_pago' }) => ({ params: { provider } }),
    removeConnection: ({ provider = 'mercado_pago' }) => ({ params: { provider } }),
    listRegistrations: ({ id = '' }) => ({ params: { id } }),
  },
}

/** Accepts every credential: an example is about our side. It ends with the process. */
function providerUrl(): Promise<string> {
  started ??= new Promise((resolve) => {
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":77}')
    })
    server.listen(0, '127.0.0.1', () => {
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    })
    server.unref()
  })
  return started
}

let started: Promise<string> | undefined

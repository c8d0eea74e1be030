// Owns a provider that accepts everything: an example is about our side.
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Answers like Bridge and like Mercado Pago, as far as examples ask. It ends with the process. */
export function acceptingProviderUrl(): Promise<string> {
  started ??= new Promise((resolve) => {
    const server = createServer((request, response) => {
      request.resume()
      request.on('end', () => answer(request.url ?? '', response))
    })
    server.listen(0, '127.0.0.1', () => {
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    })
    server.unref()
  })
  return started
}

let started: Promise<string> | undefined

const customer = {
  id: 'accepted',
  type: 'individual',
  status: 'active',
  has_accepted_terms_of_service: true,
}

function answer(url: string, response: ServerResponse): void {
  const body = /\/customers(?:\/accepted)?$/.test(url) ? customer : { id: 77, data: [] }
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

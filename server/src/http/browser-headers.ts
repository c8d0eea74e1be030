// Owns what every answer tells a browser, whichever route it comes from.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

export function addBrowserHeaders(server: FastifyInstance): void {
  server.addHook('onRequest', async (request, reply) => tellBrowser(request, reply))
}

/** Also for what is refused before any hook. */
export function tellBrowser(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('x-content-type-options', 'nosniff')
  // Over plain HTTP nobody may say it (RFC 6797): only behind a proxy that speaks HTTPS. Not for
  // names below this one, which may be somebody else's.
  if (request.headers['x-forwarded-proto'] === 'https') {
    reply.header('strict-transport-security', `max-age=${yearSeconds}`)
  }
}

const yearSeconds = 365 * 24 * 60 * 60

// Owns /docs: the reference of every surface as pages of our own, without scripts or outside parts.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import helmet from '@fastify/helmet'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { present } from '../lib/assert.ts'
import { once } from '../lib/once.ts'
import { outlineOf } from './outline.ts'
import { renderIndex, renderMissing, renderSurface } from './reference-page.ts'
import type { Surface } from './surface.ts'

export const referencePath = '/docs'

/** Rendered once, when first asked for: the operations do not change while the process runs. */
export async function addReference(server: FastifyInstance, surfaces: Surface[]): Promise<void> {
  const outlines = once(() => surfaces.map(outlineOf))
  const stylesheet = readFileSync(join(import.meta.dirname, 'reference.css'), 'utf8')
  const index = once(() => renderIndex(outlines()))
  const missing = once(renderMissing)
  await server.register(
    async (scope) => {
      await scope.register(helmet, securityHeaders)
      scope.addHook('onRequest', async (_request, reply) => {
        reply.header('cache-control', 'no-cache')
      })
      scope.get('/', (_request, reply) => sendPage(reply, index()))
      scope.get('/reference.css', (_request, reply) =>
        reply.header('content-type', 'text/css; charset=utf-8').send(stylesheet),
      )
      for (const { name } of surfaces) {
        const own = () => outlines().find((outline) => outline.name === name)
        const page = once(() => renderSurface(present(own(), 'every surface has one'), outlines()))
        scope.get(`/${name}`, (_request, reply) => sendPage(reply, page()))
      }
      scope.setNotFoundHandler((_request, reply) => sendPage(reply.code(404), missing()))
    },
    { prefix: referencePath },
  )
}

function sendPage(reply: FastifyReply, page: string): FastifyReply {
  return reply.header('content-type', 'text/html; charset=utf-8').send(page)
}

const securityHeaders = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      'default-src': ["'none'"],
      'style-src': ["'self'"],
      'base-uri': ["'none'"],
      'frame-ancestors': ["'none'"],
      'form-action': ["'none'"],
    },
  },
  xFrameOptions: { action: 'deny' as const },
  // Told where the request came by HTTPS: see browser-headers.ts.
  strictTransportSecurity: false,
}

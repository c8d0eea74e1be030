// Owns `serve`: listens first, so that health answers, then starts; ends cleanly on a signal.
import closeWithGrace from 'close-with-grace'
import { destination, type Logger, pino } from 'pino'
import { createApplication } from '../app.ts'
import type { Config } from '../config.ts'
import type { FirstStart } from '../installation.ts'
import { printId } from '../lib/id.ts'
import { surfaces } from '../surfaces/surfaces.ts'

const closeTimeoutMs = 9_000

export async function serve(config: Config, write: (text: string) => void): Promise<void> {
  const log = createLog(config.logLevel)
  const application = await createApplication(config, log)
  const { server } = application
  try {
    await server.listen({ host: config.host, port: config.port })
    const { firstStart } = await application.start()
    write(banner(server.listeningOrigin, firstStart))
  } catch (error) {
    await application.close()
    throw error
  }
  closeWithGrace({ delay: closeTimeoutMs, logger: false }, async ({ err }) => {
    if (err) log.error({ name: err.name, stack: err.stack?.split('\n').slice(1) }, 'unexpected end')
    await application.close()
  })
}

function createLog(level: string): Logger {
  return pino({ level, base: null }, destination({ fd: 1, sync: false, minLength: 4_096 }))
}

function banner(origin: string, firstStart: FirstStart | null): string {
  const lines = ['', `Clientele is ready at ${origin}`]
  for (const { name, basePath } of surfaces) lines.push(`  ${name.padEnd(14)} ${origin}${basePath}`)
  lines.push(`  ${'reference'.padEnd(14)} ${origin}/docs`, '')
  if (firstStart) {
    const { test, key } = firstStart
    lines.push(
      `Test app   ${printId('app', test.id)}`,
      `Test key   ${key.secret}   (shown once: keep it)`,
      '',
      'Try it:',
      `  curl ${origin}/payouts/customers -H 'Authorization: Bearer ${key.secret}' \\`,
      `    -H 'Content-Type: application/json' \\`,
      `    -d '{"type":"individual","name":"Gerardo Ratto","country":"AR"}'`,
      '',
    )
  }
  return `${lines.join('\n')}\n`
}

// Owns `serve`: listens first, so that health answers, then starts; ends cleanly on a signal.
import closeWithGrace from 'close-with-grace'
import { destination, type Logger, pino } from 'pino'
import { type Application, createApplication } from '../app.ts'
import type { Config } from '../config.ts'
import { listApps } from '../core/apps/app-service.ts'
import type { Installation } from '../installation.ts'
import { type Ready, renderBanner, toReadyDocument } from './banner.ts'
import type { Host } from './command.ts'
import { commands } from './commands.ts'
import { type ControlServer, listenForCommands } from './control-server.ts'
import type { Terminal } from './terminal.ts'

/** The application's own waits while it closes sum up to less. */
const closeTimeoutMs = 9_500
/** A quiet server's log lines come out this soon, not only when the buffer is full. */
const logFlushMs = 500
const logBufferBytes = 4_096

export async function serve(config: Config, terminal: Terminal, isJson: boolean): Promise<void> {
  const log = createLog(config.logLevel, isJson ? process.stderr.fd : process.stdout.fd)
  const application = await createApplication(config, log)
  let control: ControlServer | null = null
  const close = async () => {
    await control?.close()
    await application.close()
    log.flush()
  }
  try {
    await application.server.listen({ host: config.host, port: config.port })
    const installation = await application.start()
    control = await openControl(config, application, installation)
    const ready = await describe(config, application, installation)
    // Before the banner: whoever waits for it may send a signal at once.
    endInOrder(log, close)
    if (isJson) terminal.writeOut(`${JSON.stringify(toReadyDocument(ready), null, 2)}\n`)
    else terminal.writeOut(renderBanner(ready))
  } catch (error) {
    await close()
    throw error
  }
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
/** Ctrl-C reaches us from the terminal and once more through npm: within this time it is one. */
const sameSignalMs = 1_000

/** The first signal ends in order, as does an error that nothing caught; a later signal at once. */
function endInOrder(log: Logger, close: () => Promise<void>): void {
  const options = { delay: closeTimeoutMs, logger: false as const, skip: [...signals] }
  const grace = closeWithGrace(options, async ({ err }) => {
    const stack = err?.stack?.split('\n').slice(1)
    if (err) log.error({ name: err.name, stack }, 'unexpected end')
    await close()
  })
  let firstAt: number | null = null
  for (const signal of signals) {
    process.on(signal, () => {
      const now = performance.now()
      if (firstAt !== null && now - firstAt > sameSignalMs) process.exit(1)
      if (firstAt === null) grace.close()
      firstAt ??= now
    })
  }
}

function createLog(level: string, fd: number): Logger {
  const periodicFlush = logFlushMs
  const stream = destination({ fd, sync: false, minLength: logBufferBytes, periodicFlush })
  return pino({ level, base: null }, stream)
}

/** Only the embedded engine needs it: it allows one process, so commands must run in this one. */
async function openControl(
  config: Config,
  { server, authenticator }: Application,
  { system }: Installation,
): Promise<ControlServer | null> {
  if (system.database.engine !== 'sqlite') return null
  const host: Host = {
    config,
    openDatabase: async () => system.database,
    openSystem: async () => system,
    inspect: async () => ({ ...system.database.ofEveryApp(), exists: true }),
    server: {
      origin: server.listeningOrigin,
      forgetCallers: () => authenticator.forget(),
    },
  }
  return listenForCommands(host, commands)
}

async function describe(
  config: Config,
  { server }: Application,
  { system, firstStart }: Installation,
): Promise<Ready> {
  const apps = await listApps(system)
  const unsafe = await system.database.unsafeSettings()
  return {
    origin: server.listeningOrigin,
    testApp: firstStart?.test ?? apps.find(({ mode }) => mode === 'test') ?? null,
    secret: firstStart?.key.secret ?? null,
    unsafe: unsafe.filter(({ name }) => !config.allowedUnsafe.includes(name)),
  }
}

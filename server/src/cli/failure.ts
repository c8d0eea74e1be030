// Owns what a person is told when a command fails: a code, one line, and how to mend it.
import type { Config } from '../config.ts'
import { AppError } from '../core/errors.ts'
import { Refusal, systemCode } from '../lib/refusal.ts'
import { folderRefusal } from '../storage/lock.ts'

export interface Failure {
  code: string
  message: string
  fix: string
}

export function toFailure(thrown: unknown, config: Config | null): Failure {
  if (thrown instanceof Refusal) return asFailure(thrown)
  if (thrown instanceof AppError) return fromAppError(thrown)
  const known = config && (listenFailure(thrown) ?? storageFailure(thrown, config))
  return known ?? unexpected(thrown, config)
}

function asFailure({ code, message, fix }: Failure): Failure {
  return { code, message, fix }
}

function fromAppError({ definition, message }: AppError): Failure {
  // The message of an AppError is its detail, a space, and its fix.
  const detail = message.slice(0, message.length - definition.fix.length - 1)
  return { code: definition.code, message: asClause(detail), fix: asClause(definition.fix) }
}

/** A sentence as part of a longer one. */
function asClause(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1).replace(/\.$/, '')
}

function listenFailure(thrown: unknown): Failure | null {
  if (!(thrown instanceof Error) || Reflect.get(thrown, 'syscall') !== 'listen') return null
  const [address, port] = [Reflect.get(thrown, 'address'), Reflect.get(thrown, 'port')]
  const code = systemCode(thrown)
  if (code === 'EADDRINUSE') {
    return {
      code: 'port_in_use',
      message: `port ${port} on ${address} is in use by another process`,
      fix: 'stop that process, or set PORT to another port',
    }
  }
  return {
    code: 'address_unusable',
    message: `cannot listen on ${address}, port ${port} (${code})`,
    fix: 'set HOST to an address of this machine and PORT to a port that this user may use',
  }
}

function storageFailure(thrown: unknown, config: Config): Failure | null {
  if (config.databaseUrl !== undefined) {
    const failure = postgresqlFailure(thrown, new URL(config.databaseUrl))
    if (failure) return failure
  }
  const code = systemCode(thrown)
  if (code === 'ENOSPC' || (thrown instanceof Error && /disk is full/.test(thrown.message))) {
    return asFailure(folderRefusal(config.dataDir, thrown))
  }
  const path = thrown instanceof Error ? Reflect.get(thrown, 'path') : undefined
  if (typeof path !== 'string' || !/^(EACCES|EPERM|EROFS|ENOENT|ENOTDIR)$/.test(code)) return null
  return {
    code: 'file_unusable',
    message: `${path} cannot be used (${code})`,
    fix: 'make its folder, and let this user read and write there',
  }
}

const awayCodes = /^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENOENT)$/
const awayReasons = /^(Connection terminated|timeout expired|timeout exceeded when)/

/** Names the server, the role and the database, never the password. */
function postgresqlFailure(thrown: unknown, url: URL): Failure | null {
  const code = systemCode(thrown)
  const place = `PostgreSQL at ${url.hostname || 'localhost'}:${url.port || '5432'}`
  const database = decodeURIComponent(url.pathname.slice(1))
  const reason = thrown instanceof Error ? thrown.message : ''
  if (awayCodes.test(code) || awayReasons.test(reason) || /^(57P0|08|53300)/.test(code)) {
    return {
      code: 'database_away',
      message: `${place} does not answer${code === '' ? '' : ` (${code})`}`,
      fix: 'start it, or correct the host and port in DATABASE_URL',
    }
  }
  if (code === '28P01' || code === '28000') {
    return {
      code: 'database_refuses',
      message: `${place} refuses the role ${url.username}`,
      fix: 'correct the user and password in DATABASE_URL',
    }
  }
  if (code === '42501') {
    return {
      code: 'database_refuses',
      message: `${place} does not let the role ${url.username} work in ${database}`,
      fix: 'make it the owner of the database, or let the owner run: clientele migrate --grant-to',
    }
  }
  if (code !== '3D000') return null
  return {
    code: 'database_missing',
    message: `${place} has no database named ${database}`,
    fix: `create it (createdb ${database}), or correct DATABASE_URL`,
  }
}

function unexpected(thrown: unknown, config: Config | null): Failure {
  const reason = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)
  const [line = ''] = reason.split('\n')
  return {
    code: 'unexpected_error',
    message: `unexpected error: ${withoutPassword(line, config)}`,
    fix: 'run: npm run clientele -- doctor; with CLIENTELE_LOG_LEVEL=debug the stack is shown',
  }
}

function withoutPassword(text: string, config: Config | null): string {
  const password = config?.databaseUrl === undefined ? '' : new URL(config.databaseUrl).password
  return password === ''
    ? text
    : text.replaceAll(password, '…').replaceAll(decodeURIComponent(password), '…')
}

// Owns the settings: the environment, read once into one frozen and validated object.
import { join, resolve } from 'node:path'
import ipaddr from 'ipaddr.js'
import { Refusal } from './lib/refusal.ts'
import { rpcUrlsOf } from './lib/rpc-urls.ts'

export interface Config {
  host: string
  port: number
  dataDir: string
  databaseUrl: string | undefined
  databaseConnectionsMax: number
  masterKey: string | undefined
  masterKeyFile: string
  logLevel: string
  requestsPerSecondMax: number
  /** Beyond this delay of the event loop requests are turned away; 0: never. */
  eventLoopDelayMsMax: number
  /** Beyond this many lists and searches under way further ones are turned away; 0: never. */
  listsAtOnceMax: number
  replyAgeMsMax: number
  /** For how long a webhook delivery is kept after its last try. */
  deliveryAgeMsMax: number
  /** Opened records kept in memory on the embedded engine. */
  cachedRecordsMax: number
  /** Folder of uploaded files, where they are not in an object store. */
  filesDir: string
  objectStore: ObjectStoreConfig | undefined
  /** Whether a test app's application is approved as soon as it is submitted. */
  approvesTestApplications: boolean
  /** Networks in CIDR form that may be called though they are not public. */
  allowedNetworks: string[]
  /** JSON-RPC endpoints of EVM chains, by chain id. */
  rpcUrls: ReadonlyMap<number, string>
  /** Names of unsafe settings that the operator has accepted. */
  allowedUnsafe: string[]
}

/** An S3-compatible store for uploaded files. */
export interface ObjectStoreConfig {
  endpoint: string
  region: string
  bucket: string
  accessKeyId: string
  secretAccessKey: string
}

export interface Setting {
  name: string
  /** As shown in the reference. */
  default: string
  description: string
}

/** Every setting there is; the reference page is made from this list. */
export const settings: Setting[] = [
  { name: 'PORT', default: '4000', description: 'TCP port; 0 takes a free one' },
  { name: 'HOST', default: '127.0.0.1', description: 'Address to listen on' },
  { name: 'CLIENTELE_DATA_DIR', default: './data', description: 'Folder of the embedded database' },
  {
    name: 'DATABASE_URL',
    default: '(embedded SQLite)',
    description: '`postgres://user:password@host:port/database` runs on PostgreSQL 15 or newer',
  },
  {
    name: 'CLIENTELE_DATABASE_CONNECTIONS',
    default: '16',
    description: 'Connections to PostgreSQL per process, 4 to 200',
  },
  {
    name: 'CLIENTELE_MASTER_KEY',
    default: '(from the file)',
    description: '32 bytes in base64 or hex: the key over all personal data',
  },
  {
    name: 'CLIENTELE_MASTER_KEY_FILE',
    default: '<data dir>/master.key',
    description: 'File of the master key, mode 0600; made by the first start',
  },
  {
    name: 'CLIENTELE_REQUESTS_PER_SECOND',
    default: '1000',
    description: 'Requests that one key may send per second, 1 to 1000000',
  },
  {
    name: 'CLIENTELE_EVENT_LOOP_DELAY_MS',
    default: '1000',
    description:
      'Beyond this delay of the event loop requests are turned away with 503; 0 to 60000, 0: never',
  },
  {
    name: 'CLIENTELE_LISTS_AT_ONCE',
    default: '64',
    description:
      'Lists and searches that a process works on at once; further ones are turned away with ' +
      '503, so that writes and single reads go on; 0 to 100000, 0: no bound',
  },
  {
    name: 'CLIENTELE_IDEMPOTENCY_DAYS',
    default: '30',
    description: 'Days for which the reply to an idempotency key is kept, 1 to 365',
  },
  {
    name: 'CLIENTELE_DELIVERY_DAYS',
    default: '30',
    description: 'Days for which a webhook delivery that arrived or was given up is kept, 1 to 365',
  },
  {
    name: 'CLIENTELE_CACHED_RECORDS',
    default: '20000',
    description:
      'Opened records kept in memory on the embedded engine, about 1.5 KiB each; 0 keeps none',
  },
  {
    name: 'CLIENTELE_FILES_DIR',
    default: '<data dir>/files',
    description: 'Folder of uploaded files, sealed; not used with an object store',
  },
  {
    name: 'CLIENTELE_S3_ENDPOINT',
    default: '(none)',
    description: '`https://…` of an S3-compatible store: uploaded files, sealed, go there instead',
  },
  { name: 'CLIENTELE_S3_REGION', default: 'us-east-1', description: 'Region of the object store' },
  { name: 'CLIENTELE_S3_BUCKET', default: '(none)', description: 'Bucket of the object store' },
  {
    name: 'CLIENTELE_S3_ACCESS_KEY_ID',
    default: '(none)',
    description: 'Access key of the object store',
  },
  {
    name: 'CLIENTELE_S3_SECRET_ACCESS_KEY',
    default: '(none)',
    description: 'Secret of that access key',
  },
  {
    name: 'CLIENTELE_AUTO_APPROVE',
    default: 'false',
    description:
      '`true` approves applications of test apps as soon as they are submitted; live ones never',
  },
  {
    name: 'CLIENTELE_ALLOWED_NETWORKS',
    default: '(none)',
    description:
      'Networks that providers and the object store may be in though they are not public, in ' +
      'CIDR form, comma-separated: `10.0.0.0/8`',
  },
  {
    name: 'CLIENTELE_RPC_URLS',
    default: '(none)',
    description:
      'JSON-RPC endpoints by EVM chain id, as `1=https://…,8453=https://…` or as a JSON object: ' +
      'where one is set, a native approval must have succeeded on that chain',
  },
  {
    name: 'CLIENTELE_ALLOW_UNSAFE',
    default: '(none)',
    description: 'Unsafe database settings to accept, by name, comma-separated',
  },
  {
    name: 'CLIENTELE_LOG_LEVEL',
    default: 'info',
    description: '`debug`, `info`, `warn`, `error` or `silent`',
  },
]

type Environment = Record<string, string | undefined>

const dayMs = 24 * 60 * 60 * 1000
const keptDays = { fallback: 30, min: 1, max: 365 }

/** Refuses a value that breaks its rule, naming the setting. */
export function readConfig(environment: Environment): Readonly<Config> {
  const text = (name: string) => environment[name]?.trim() || undefined
  const dataDir = resolve(text('CLIENTELE_DATA_DIR') ?? './data')
  return Object.freeze({
    host: text('HOST') ?? '127.0.0.1',
    port: readInteger(environment, 'PORT', { fallback: 4000, min: 0, max: 65_535 }),
    dataDir,
    databaseUrl: readDatabaseUrl(text('DATABASE_URL')),
    databaseConnectionsMax: readInteger(environment, 'CLIENTELE_DATABASE_CONNECTIONS', {
      fallback: 16,
      min: 4,
      max: 200,
    }),
    masterKey: text('CLIENTELE_MASTER_KEY'),
    masterKeyFile: resolve(text('CLIENTELE_MASTER_KEY_FILE') ?? join(dataDir, 'master.key')),
    logLevel: readLogLevel(text('CLIENTELE_LOG_LEVEL')),
    requestsPerSecondMax: readInteger(environment, 'CLIENTELE_REQUESTS_PER_SECOND', {
      fallback: 1_000,
      min: 1,
      max: 1_000_000,
    }),
    eventLoopDelayMsMax: readInteger(environment, 'CLIENTELE_EVENT_LOOP_DELAY_MS', {
      fallback: 1_000,
      min: 0,
      max: 60_000,
    }),
    listsAtOnceMax: readInteger(environment, 'CLIENTELE_LISTS_AT_ONCE', {
      fallback: 64,
      min: 0,
      max: 100_000,
    }),
    replyAgeMsMax: dayMs * readInteger(environment, 'CLIENTELE_IDEMPOTENCY_DAYS', keptDays),
    deliveryAgeMsMax: dayMs * readInteger(environment, 'CLIENTELE_DELIVERY_DAYS', keptDays),
    cachedRecordsMax: readInteger(environment, 'CLIENTELE_CACHED_RECORDS', {
      fallback: 20_000,
      min: 0,
      max: 10_000_000,
    }),
    filesDir: resolve(text('CLIENTELE_FILES_DIR') ?? join(dataDir, 'files')),
    objectStore: readObjectStore(text),
    approvesTestApplications: readSwitch(environment, 'CLIENTELE_AUTO_APPROVE'),
    allowedNetworks: readNetworks(text('CLIENTELE_ALLOWED_NETWORKS')),
    rpcUrls: readRpcUrls(text('CLIENTELE_RPC_URLS')),
    allowedUnsafe: (text('CLIENTELE_ALLOW_UNSAFE') ?? '').split(',').map((name) => name.trim()),
  })
}

function readInteger(
  environment: Environment,
  name: string,
  rule: { fallback: number; min: number; max: number },
): number {
  const text = environment[name]?.trim()
  if (!text) return rule.fallback
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  if (value >= rule.min && value <= rule.max) return value
  throw badSetting(name, `is not a whole number from ${rule.min} to ${rule.max}`)
}

function readSwitch(environment: Environment, name: string): boolean {
  const text = environment[name]?.trim() || 'false'
  if (text === 'true' || text === 'false') return text === 'true'
  throw badSetting(name, 'is neither true nor false')
}

function readDatabaseUrl(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const isPostgresql = /^postgres(ql)?:\/\//.test(text) && URL.canParse(text)
  // The value is not repeated: it may hold a password.
  if (!isPostgresql) throw badSetting('DATABASE_URL', 'does not read postgres://user@host/database')
  return text
}

function readObjectStore(
  text: (name: string) => string | undefined,
): ObjectStoreConfig | undefined {
  const endpoint = text('CLIENTELE_S3_ENDPOINT')
  if (endpoint === undefined) return undefined
  if (!URL.canParse(endpoint)) throw badSetting('CLIENTELE_S3_ENDPOINT', 'is not a URL')
  const required = (name: string) => {
    const value = text(name)
    if (value === undefined) throw badSetting(name, 'is missing beside CLIENTELE_S3_ENDPOINT')
    return value
  }
  return {
    endpoint: endpoint.replace(/\/+$/, ''),
    region: text('CLIENTELE_S3_REGION') ?? 'us-east-1',
    bucket: required('CLIENTELE_S3_BUCKET'),
    accessKeyId: required('CLIENTELE_S3_ACCESS_KEY_ID'),
    secretAccessKey: required('CLIENTELE_S3_SECRET_ACCESS_KEY'),
  }
}

function readNetworks(text: string | undefined): string[] {
  const networks = (text ?? '').split(',').map((network) => network.trim())
  const given = networks.filter((network) => network !== '')
  if (given.every((network) => ipaddr.isValidCIDR(network))) return given
  throw badSetting('CLIENTELE_ALLOWED_NETWORKS', 'is not a list of networks like 10.0.0.0/8')
}

/** The values are not repeated: an endpoint's path often is its key. */
function readRpcUrls(text: string | undefined): ReadonlyMap<number, string> {
  const urls = rpcUrlsOf(text ?? '')
  if (urls) return urls
  const form = 'is not a list of chains like 1=https://rpc.example,8453=https://base.example'
  throw badSetting('CLIENTELE_RPC_URLS', `${form}, nor the same as a JSON object`)
}

const logLevels = ['debug', 'info', 'warn', 'error', 'silent']

function readLogLevel(text: string | undefined): string {
  if (text === undefined) return 'info'
  if (logLevels.includes(text)) return text
  throw badSetting('CLIENTELE_LOG_LEVEL', `is not one of ${logLevels.join(', ')}`)
}

function badSetting(name: string, problem: string): Refusal {
  return new Refusal('setting_invalid', `${name} ${problem}`, `correct ${name}, or unset it`)
}

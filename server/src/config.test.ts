// Owns the proof of every setting: its default, its bounds, and the words of its refusal.
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Config, readConfig, settings } from './config.ts'

const day = 24 * 60 * 60 * 1000

test('an empty environment gives every default, and an object that cannot be changed', () => {
  const config = readConfig({})
  expect(config).toEqual({
    host: '127.0.0.1',
    port: 4000,
    dataDir: resolve('data'),
    databaseUrl: undefined,
    databaseConnectionsMax: 16,
    masterKey: undefined,
    masterKeyFile: resolve('data/master.key'),
    logLevel: 'info',
    eventLoopDelayMsMax: 1_000,
    listsAtOnceMax: 64,
    requestsPerSecondMax: 1_000,
    replyAgeMsMax: 30 * day,
    deliveryAgeMsMax: 30 * day,
    cachedRecordsMax: 20_000,
    filesDir: resolve('data/files'),
    objectStore: undefined,
    approvesTestApplications: false,
    allowedNetworks: [],
    rpcUrls: new Map(),
    allowedUnsafe: [''],
  })
  expect(Object.isFrozen(config)).toBe(true)
})

test('a blank value is as good as none', () => {
  const blanks = Object.fromEntries(settings.map(({ name }) => [name, '  ']))
  expect(readConfig(blanks)).toEqual(readConfig({}))
})

const rpc = (...urls: [number, string][]) => new Map(urls)

const accepted: [string, string, Partial<Config>][] = [
  ['PORT', '0', { port: 0 }],
  ['PORT', '65535', { port: 65_535 }],
  ['PORT', ' 8080 ', { port: 8_080 }],
  ['HOST', '0.0.0.0', { host: '0.0.0.0' }],
  ['DATABASE_URL', 'postgres://u:p@h:5432/d', { databaseUrl: 'postgres://u:p@h:5432/d' }],
  ['DATABASE_URL', 'postgresql://h/d', { databaseUrl: 'postgresql://h/d' }],
  ['CLIENTELE_DATABASE_CONNECTIONS', '4', { databaseConnectionsMax: 4 }],
  ['CLIENTELE_DATABASE_CONNECTIONS', '200', { databaseConnectionsMax: 200 }],
  ['CLIENTELE_MASTER_KEY', 'k', { masterKey: 'k' }],
  ['CLIENTELE_MASTER_KEY_FILE', '/etc/k', { masterKeyFile: '/etc/k' }],
  ['CLIENTELE_EVENT_LOOP_DELAY_MS', '0', { eventLoopDelayMsMax: 0 }],
  ['CLIENTELE_EVENT_LOOP_DELAY_MS', '60000', { eventLoopDelayMsMax: 60_000 }],
  ['CLIENTELE_LISTS_AT_ONCE', '0', { listsAtOnceMax: 0 }],
  ['CLIENTELE_LISTS_AT_ONCE', '100000', { listsAtOnceMax: 100_000 }],
  ['CLIENTELE_REQUESTS_PER_SECOND', '1', { requestsPerSecondMax: 1 }],
  ['CLIENTELE_REQUESTS_PER_SECOND', '1000000', { requestsPerSecondMax: 1_000_000 }],
  ['CLIENTELE_IDEMPOTENCY_DAYS', '1', { replyAgeMsMax: day }],
  ['CLIENTELE_IDEMPOTENCY_DAYS', '365', { replyAgeMsMax: 365 * day }],
  ['CLIENTELE_DELIVERY_DAYS', '1', { deliveryAgeMsMax: day }],
  ['CLIENTELE_DELIVERY_DAYS', '365', { deliveryAgeMsMax: 365 * day }],
  ['CLIENTELE_CACHED_RECORDS', '0', { cachedRecordsMax: 0 }],
  ['CLIENTELE_CACHED_RECORDS', '10000000', { cachedRecordsMax: 10_000_000 }],
  ['CLIENTELE_FILES_DIR', '/srv/files', { filesDir: '/srv/files' }],
  // Nothing without an endpoint, and never a part of one.
  ['CLIENTELE_S3_REGION', 'eu-west-1', {}],
  ['CLIENTELE_S3_BUCKET', 'files', {}],
  ['CLIENTELE_S3_ACCESS_KEY_ID', 'id', {}],
  ['CLIENTELE_S3_SECRET_ACCESS_KEY', 'secret', {}],
  ['CLIENTELE_AUTO_APPROVE', 'true', { approvesTestApplications: true }],
  ['CLIENTELE_AUTO_APPROVE', 'false', {}],
  [
    'CLIENTELE_ALLOWED_NETWORKS',
    '10.0.0.0/8, fd00::/8',
    { allowedNetworks: ['10.0.0.0/8', 'fd00::/8'] },
  ],
  ['CLIENTELE_RPC_URLS', '1=https://rpc.example', { rpcUrls: rpc([1, 'https://rpc.example']) }],
  [
    'CLIENTELE_RPC_URLS',
    ' 8453 = https://b.example/v2/key?a=b=c , 1=http://10.0.0.1:8545 ',
    { rpcUrls: rpc([8453, 'https://b.example/v2/key?a=b=c'], [1, 'http://10.0.0.1:8545']) },
  ],
  [
    'CLIENTELE_RPC_URLS',
    '{"1": "https://rpc.example/a,b", "137": "https://p.example"}',
    { rpcUrls: rpc([1, 'https://rpc.example/a,b'], [137, 'https://p.example']) },
  ],
  ['CLIENTELE_RPC_URLS', '{}', { rpcUrls: rpc() }],
  ['CLIENTELE_ALLOW_UNSAFE', 'fsync, superuser', { allowedUnsafe: ['fsync', 'superuser'] }],
  ['CLIENTELE_LOG_LEVEL', 'debug', { logLevel: 'debug' }],
  ['CLIENTELE_LOG_LEVEL', 'silent', { logLevel: 'silent' }],
]

test.each(accepted)('%s takes %s and sets nothing else', (name, value, expected) => {
  expect(readConfig({ [name]: value })).toEqual({ ...readConfig({}), ...expected })
})

test('the data folder also places the master key', () => {
  const { dataDir, masterKeyFile } = readConfig({ CLIENTELE_DATA_DIR: '/var/lib/clientele' })
  expect([dataDir, masterKeyFile]).toEqual([
    '/var/lib/clientele',
    join('/var/lib/clientele', 'master.key'),
  ])
})

test('an object store is whole, or is refused by the setting that is missing', () => {
  const whole = {
    CLIENTELE_S3_ENDPOINT: 'https://s3.example.com/',
    CLIENTELE_S3_BUCKET: 'files',
    CLIENTELE_S3_ACCESS_KEY_ID: 'id',
    CLIENTELE_S3_SECRET_ACCESS_KEY: 'secret',
  }
  expect(readConfig(whole).objectStore).toEqual({
    endpoint: 'https://s3.example.com',
    region: 'us-east-1',
    bucket: 'files',
    accessKeyId: 'id',
    secretAccessKey: 'secret',
  })
  for (const name of Object.keys(whole).slice(1)) {
    const message = `${name} is missing beside CLIENTELE_S3_ENDPOINT`
    expect(() => readConfig({ ...whole, [name]: '' })).toThrow(message)
  }
})

const noInteger = (min: number, max: number) => `is not a whole number from ${min} to ${max}`
const noUrl = 'does not read postgres://user@host/database'

const refused: [string, string[], string][] = [
  ['PORT', ['-1', '65536', '80.5', '1e3', 'http', '0x50', '٤'], noInteger(0, 65_535)],
  ['CLIENTELE_DATABASE_CONNECTIONS', ['0', '3', '201'], noInteger(4, 200)],
  ['CLIENTELE_REQUESTS_PER_SECOND', ['0', '1000001', '9999999999'], noInteger(1, 1_000_000)],
  ['CLIENTELE_EVENT_LOOP_DELAY_MS', ['-1', '60001'], noInteger(0, 60_000)],
  ['CLIENTELE_LISTS_AT_ONCE', ['-1', '100001', 'all'], noInteger(0, 100_000)],
  ['CLIENTELE_IDEMPOTENCY_DAYS', ['0', '366', '-5'], noInteger(1, 365)],
  ['CLIENTELE_DELIVERY_DAYS', ['0', '366'], noInteger(1, 365)],
  ['CLIENTELE_CACHED_RECORDS', ['-1', '10000001'], noInteger(0, 10_000_000)],
  ['CLIENTELE_S3_ENDPOINT', ['s3', '//s3'], 'is not a URL'],
  ['CLIENTELE_AUTO_APPROVE', ['1', 'yes', 'TRUE'], 'is neither true nor false'],
  [
    'CLIENTELE_ALLOWED_NETWORKS',
    ['10.0.0.0', 'a/8', '10.0.0.0/33'],
    'is not a list of networks like 10.0.0.0/8',
  ],
  [
    'CLIENTELE_RPC_URLS',
    [
      'https://rpc.example',
      '1=',
      '1=rpc.example',
      '1=ftp://rpc.example',
      '1=https://u:secret@rpc.example',
      'a=https://rpc.example',
      '0=https://rpc.example',
      '01=https://rpc.example',
      '-1=https://rpc.example',
      '1=https://a.example,1=https://b.example',
      '1=https://a.example,',
      '{"1": "https://a.example"',
      '{"1": 5}',
      '["https://a.example"]',
    ],
    'is not a list of chains like 1=https://rpc.example,8453=https://base.example, nor the ' +
      'same as a JSON object',
  ],
  ['DATABASE_URL', ['mysql://u:secret@h/d', 'secret', 'postgres:/h/d'], noUrl],
  ['CLIENTELE_LOG_LEVEL', ['loud', 'INFO'], 'is not one of debug, info, warn, error, silent'],
]

describe('a value that breaks its rule is refused by the name of its setting', () => {
  const cases = refused.flatMap(([name, values, problem]) =>
    values.map((value) => ({ name, value, problem })),
  )
  test.each(cases)('$name=$value', ({ name, value, problem }) => {
    expect(() => readConfig({ [name]: value })).toThrow(
      expect.objectContaining({
        name: 'Refusal',
        code: 'setting_invalid',
        message: `${name} ${problem}`,
        fix: `correct ${name}, or unset it`,
      }),
    )
  })
})

test('every setting is listed once, with a default and a description', () => {
  const names = settings.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  const tested = [...accepted, ...refused].map(([name]) => name)
  expect([...new Set([...tested, 'CLIENTELE_DATA_DIR'])].sort()).toEqual([...names].sort())
  expect(settings.every((setting) => setting.default !== '' && setting.description !== '')).toBe(
    true,
  )
})

test('the listed defaults are those that are read', () => {
  for (const setting of settings) {
    if (setting.default.startsWith('(') || setting.default.includes('<')) continue
    expect(readConfig({ [setting.name]: setting.default })).toEqual(readConfig({}))
  }
})

// Owns the proof that no request of ours reaches an address that is not public, however spelled.
import { createServer, isIP, type LookupFunction, type Server } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createEgress, type Egress, EgressFailed, type EgressOptions } from './egress.ts'

/** Listens on every address of this machine, and counts who connects. */
let canary: Server
let connections = 0
let port = 0
beforeAll(async () => {
  canary = createServer((socket) => {
    connections += 1
    socket.on('error', () => {}).resume()
    socket.end('HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n')
  })
  port = await listen(canary)
})
beforeEach(() => {
  connections = 0
})
afterAll(() => new Promise((resolve) => canary.close(resolve)))

const opened: Egress[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((egress) => egress.close()))
})

function open(options: Partial<EgressOptions> = {}): Egress {
  const egress = createEgress({ allowedNetworks: [], ...options })
  opened.push(egress)
  return egress
}

async function listen(server: Server, host?: string, at = 0): Promise<number> {
  await new Promise<void>((resolve) => server.listen(at, host, resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

const get = (egress: Egress, url: string) =>
  egress.send({ method: 'GET', url, timeoutMs: 5_000, responseBytesMax: 1_000 })

const failed = async (work: () => unknown): Promise<string> => {
  try {
    await work()
  } catch (error) {
    if (error instanceof EgressFailed) return `${error.reason}: ${error.message}`
    throw error
  }
  return 'nothing failed'
}

const notPublic = 'refused: the address is not a public one'
const notHttps = 'refused: the URL is not https'

/** A resolver that answers each question with the next list, and the last one for ever. */
function answering(...lists: string[][]): { lookup: LookupFunction; asked: () => number } {
  let asked = 0
  const lookup: LookupFunction = (_name, _options, callback) => {
    const list = lists[Math.min(asked, lists.length - 1)] ?? []
    asked += 1
    callback(
      null,
      list.map((address) => ({ address, family: isIP(address) })),
    )
  }
  return { lookup, asked: () => asked }
}

const specialAddresses = [
  ...['0.0.0.0', '0.1.2.3', '10.0.0.1', '10.255.255.255', '100.64.0.1', '100.100.100.200'],
  ...['100.127.255.255', '127.0.0.1', '127.255.255.254', '169.254.0.1', '169.254.169.254'],
  ...['172.16.0.1', '172.31.255.255', '192.0.0.1', '192.0.0.192', '192.0.2.1', '192.88.99.1'],
  ...['192.168.0.1', '198.18.0.1', '198.19.255.255', '198.51.100.1', '203.0.113.1', '224.0.0.1'],
  ...['239.255.255.255', '240.0.0.1', '255.255.255.255', '168.63.129.16'],
  ...['::', '::1', '::2', '::127.0.0.1', '::7f00:1', '::ffff:127.0.0.1', '::ffff:a9fe:a9fe'],
  ...['::ffff:0:127.0.0.1', '64:ff9b::127.0.0.1', '64:ff9b:1::1', '100::1', '100:0:0:1::1'],
  ...['2001::1', '2001:2::1', '2001:db8::1', '2002:7f00:1::', '3fff::1', '4000::1', '5f00::1'],
  ...['fc00::1', 'fd00:ec2::254', 'fdff::1', 'fe80::1', 'febf::1', 'fec0::1', 'ff02::1'],
]

const publicAddresses = [
  ...['1.1.1.1', '8.8.8.8', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0'],
  ...['126.255.255.255', '128.0.0.0', '169.253.255.255', '169.255.0.0', '172.15.255.255'],
  ...['172.32.0.0', '192.167.255.255', '192.169.0.0', '198.17.255.255', '198.20.0.0'],
  ...['223.255.255.255', '2606:4700::1111', '2a00::1', '::ffff:8.8.8.8'],
]

const inUrl = (address: string) => (isIP(address) === 6 ? `[${address}]` : address)

describe('a literal address', () => {
  test.each(specialAddresses)(
    '%s is refused where it is set and where it is called',
    async (ip) => {
      const egress = open()
      for (const protocol of ['https', 'http']) {
        const url = `${protocol}://${inUrl(ip)}:${port}/`
        expect(await failed(() => egress.checkUrl(url))).toBe(notPublic)
        expect(await failed(() => get(egress, url))).toBe(notPublic)
      }
      expect(connections).toBe(0)
    },
  )

  test.each(publicAddresses)('%s is public: taken over https, refused over http', async (ip) => {
    const egress = open()
    expect(await failed(() => egress.checkUrl(`https://${inUrl(ip)}/`))).toBe('nothing failed')
    if (ip.startsWith('::ffff:')) return
    expect(await failed(() => egress.checkUrl(`http://${inUrl(ip)}/`))).toBe(notHttps)
  })

  test.each([
    ...['127.1', '127.0.1', '2130706433', '0177.0.0.1', '00000177.1', '017700000001'],
    ...['0x7f.1', '0x7f000001', '0X7F.0x0.0x0.0x1', '127.0.0.1.', '%31%32%37.1', '0', '0x0'],
    ...['１２７.0.0.1', '①②⑦.⓪.⓪.①', '127。0。0。1', '\t127.0.0.1', '[::1]', '[0:0:0:0:0:0:0:1]'],
    ...['[::ffff:127.0.0.1]', '[::FFFF:7F00:0001]', '[::127.0.0.1]', '[::]', 'LocalHost'],
    ...['localhost.', 'a.localhost', 'ｌocalhost'],
  ])('this machine, spelled %j, is refused', async (host) => {
    const egress = open()
    for (const start of ['https://', 'http://', 'https:\\\\', 'https:/', 'https:', ' HTTPS:///']) {
      const url = `${start}${host}:${port}/`
      expect([url, await failed(() => egress.checkUrl(url))]).toEqual([url, notPublic])
      expect(await failed(() => get(egress, url))).toBe(notPublic)
    }
    expect(connections).toBe(0)
  })

  test.each([
    '169.254.169.254',
    '2852039166',
    '0xa9fea9fe',
    '0251.0376.0251.0376',
    '169.254.43518',
    '[::ffff:169.254.169.254]',
    '[fd00:ec2::254]',
    '100.100.100.200',
    '192.0.0.192',
    '168.63.129.16',
    'metadata.google.internal',
    'METADATA.google.internal.',
  ])('the metadata of a cloud, spelled %j, is refused', async (host) => {
    expect(await failed(() => open().checkUrl(`http://${host}/latest/meta-data/`))).toBe(notPublic)
    expect(await failed(() => get(open(), `https://${host}/`))).toBe(notPublic)
  })
})

test.each([
  ['https://a@127.0.0.1/', 'refused: the URL carries credentials'],
  ['https://api.example:secret@api.example/', 'refused: the URL carries credentials'],
  ['https://1.1.1.1 &@127.0.0.1/', 'refused: the URL carries credentials'],
  ['file:///etc/passwd', notHttps],
  ['ftp://127.0.0.1/', notHttps],
  ['gopher://127.0.0.1/_GET', notHttps],
  ['data:text/plain,hello', notHttps],
  ['javascript:0', notHttps],
  ['ws://api.example/', notHttps],
  ['http://api.example/', notHttps],
  ['https://[fe80::1%25eth0]/', 'refused: the URL is not one'],
  ['https://256.256.256.256/', 'refused: the URL is not one'],
  ['https://127.0.0.1:99999/', 'refused: the URL is not one'],
  ['//127.0.0.1/', 'refused: the URL is not one'],
  ['', 'refused: the URL is not one'],
])('%j is refused for its form', async (url, refusal) => {
  expect(await failed(() => open().checkUrl(url))).toBe(refusal)
  expect(await failed(() => get(open(), url))).toBe(refusal)
})

test('a backslash ends the host: what follows it names nobody', async () => {
  const { lookup, asked } = answering(['127.0.0.1'])
  const url = `https://api.example\\@127.0.0.1:${port}/`
  expect(await failed(() => get(open({ lookup }), url))).toBe(notPublic)
  expect([asked(), connections]).toEqual([1, 0])
})

describe('a name', () => {
  test.each(specialAddresses)('that resolves to %s is refused at the connection', async (ip) => {
    const { lookup, asked } = answering([ip])
    const url = `https://api.example:${port}/`
    expect(await failed(() => open().checkUrl(url))).toBe('nothing failed')
    expect(await failed(() => get(open({ lookup }), url))).toBe(notPublic)
    expect([asked(), connections]).toEqual([1, 0])
  })

  test.each([
    [['8.8.8.8', '127.0.0.1']],
    [['127.0.0.1', '8.8.8.8']],
    [['2606:4700::1111', '::1']],
    [['8.8.8.8', '2606:4700::1111', '::ffff:127.0.0.1']],
    [['fe80::1%eth0']],
  ])('of which one address of %j is not public is refused whole', async (ips) => {
    const { lookup } = answering(ips)
    expect(await failed(() => get(open({ lookup }), `https://a.example:${port}/`))).toBe(notPublic)
    expect(connections).toBe(0)
  })

  test('that has no address is a connection that failed', async () => {
    const { lookup } = answering([])
    const failure = await failed(() => get(open({ lookup }), 'https://api.example/'))
    expect(failure).toBe('connection: the name has no address')
  })

  test('that flips to this machine after the check, 1,000 times: nobody connects', async () => {
    const checked = createServer((socket) => {
      socket.resume().end('HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n')
    })
    const flipped = createServer(() => {
      connections += 1
    })
    const at = await listen(flipped, '127.0.0.1')
    await listen(checked, '127.0.0.2', at)
    const { lookup, asked } = answering(
      ...Array.from({ length: 1_000 }, (_, index) => [index % 2 ? '127.0.0.1' : '127.0.0.2']),
    )
    const egress = open({ lookup, allowedNetworks: ['127.0.0.2/32'] })
    const outcomes = new Map<string, number>()
    for (let count = 0; count < 1_000; count += 1) {
      const outcome = await failed(() => get(egress, `http://api-${count}.example:${at}/`))
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
    }
    await Promise.all([checked, flipped].map((server) => server.close()))
    expect(Object.fromEntries(outcomes)).toEqual({ 'nothing failed': 500, [notPublic]: 500 })
    expect([asked(), connections]).toEqual([1_000, 0])
  })
})

describe('an allowed network', () => {
  const allowedNetworks = ['127.0.0.0/8', '::1/128']

  test.each(['127.0.0.1', '127.1', '2130706433', '[::ffff:127.0.0.1]'])(
    'is reached, which shows that the canary sings: %s',
    async (host) => {
      const { status } = await get(open({ allowedNetworks }), `http://${host}:${port}/`)
      expect([status, connections]).toEqual([204, 1])
    },
  )

  test('is reached by a name, over http too', async () => {
    const { lookup } = answering(['127.0.0.1'])
    const egress = open({ allowedNetworks, lookup })
    expect((await get(egress, `http://api.internal:${port}/`)).status).toBe(204)
    expect(connections).toBe(1)
  })

  test('opens nothing beside itself', async () => {
    const { lookup } = answering(['10.0.0.1'])
    const egress = open({ allowedNetworks, lookup })
    for (const host of ['10.0.0.1', '169.254.169.254', '[::2]', '[fd00::1]', 'api.example']) {
      expect([host, await failed(() => get(egress, `http://${host}/`))]).toEqual([host, notPublic])
    }
  })

  test('lets no name take http to a public address', async () => {
    const { lookup } = answering(['8.8.8.8'])
    const egress = open({ allowedNetworks, lookup })
    expect(await failed(() => get(egress, 'http://api.example/'))).toBe(notHttps)
    expect(await failed(() => get(egress, 'http://8.8.8.8/'))).toBe(notHttps)
  })
})

// Owns the floor: bare node:http over the same engine with the same durability and the same bytes,
// and nothing else. What our server costs above it is what it does.
import { randomBytes, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'

interface Part {
  record_id: string
  body: string
}

interface Store {
  get(id: string): Promise<string | undefined>
  list(limit: number, offset: number): Promise<string[]>
  page(limit: number, offset: number): Promise<{ id: string; body: string }[]>
  /** What stands beside these records, of one kind, newest first. */
  parts(kind: string, ids: string[], limit: number): Promise<Part[]>
  insert(id: string, body: string): Promise<void>
  fill(count: number, body: string): Promise<string[]>
}

const appId = '01900000-0000-7000-8000-000000000000'
const idsReported = 100_000

/** Every insert waits for the disk by itself, as a plain server's would. */
function openSqlite(file: string): Store {
  const db = new DatabaseSync(file)
  db.exec(`pragma journal_mode = wal; pragma synchronous = full; pragma cache_size = -16384;
    drop table if exists records;
    create table records (app_id text, id text, body text, primary key (app_id, id)) strict;
    drop table if exists parts;
    create table parts (app_id text, record_id text, kind text, at integer, body text,
      primary key (app_id, kind, record_id, at)) strict`)
  const select = db.prepare('select body from records where app_id = ? and id = ?')
  const page = db.prepare(
    'select id, body from records where app_id = ? order by id desc limit ? offset ?',
  )
  type Row = { id: string; body: string }
  const rows = (limit: number, offset: number) => page.all(appId, limit, offset) as unknown as Row[]
  const insert = db.prepare('insert into records values (?, ?, ?)')
  const insertPart = db.prepare('insert into parts values (?, ?, ?, ?, ?)')
  const partsOf = (count: number) =>
    db.prepare(`select record_id, body from parts where app_id = ? and kind = ?
      and record_id in (${Array(count).fill('?').join(', ')}) order by at desc limit ?`)
  const selectParts = new Map<number, ReturnType<typeof partsOf>>()
  return {
    parts: async (kind, ids, limit) => {
      const select = selectParts.get(ids.length) ?? partsOf(ids.length)
      selectParts.set(ids.length, select)
      return select.all(appId, kind, ...ids, limit) as unknown as Part[]
    },
    get: async (id) => select.get(appId, id)?.['body'] as string | undefined,
    list: async (limit, offset) => rows(limit, offset).map(({ body }) => body),
    page: async (limit, offset) => rows(limit, offset),
    insert: async (id, body) => {
      insert.run(appId, id, body)
    },
    async fill(count, body) {
      db.exec('begin')
      const ids = fillIds(count)
      for (const id of ids) insert.run(appId, id, body)
      for (const [id, kind, at, text] of allParts(ids)) insertPart.run(appId, id, kind, at, text)
      db.exec('commit')
      return reported(ids)
    },
  }
}

const rowsPerStatement = 1_000

async function openPostgresql(url: string, connectionsMax: number): Promise<Store> {
  const pool = new pg.Pool({ connectionString: url, max: connectionsMax })
  await pool.query(
    `create table if not exists records
      (app_id uuid, id uuid, body text, primary key (app_id, id))`,
  )
  await pool.query('drop table if exists parts')
  await pool.query(
    `create table parts (app_id uuid, record_id uuid, kind text, at integer, body text,
      primary key (app_id, kind, record_id, at))`,
  )
  const statement = (name: string, text: string, values: unknown[]) =>
    pool.query({ name, text, values })
  return {
    async parts(kind, ids, limit) {
      const text = `select record_id, body from parts where app_id = $1 and kind = $2
        and record_id = any($3::uuid[]) order by at desc limit $4`
      return (await statement('parts', text, [appId, kind, ids, limit])).rows
    },
    async get(id) {
      const text = 'select body from records where app_id = $1 and id = $2'
      return (await statement('get', text, [appId, id])).rows[0]?.body
    },
    async list(limit, offset) {
      const text = 'select body from records where app_id = $1 order by id desc limit $2 offset $3'
      return (await statement('list', text, [appId, limit, offset])).rows.map((row) => row.body)
    },
    async page(limit, offset) {
      const text =
        'select id, body from records where app_id = $1 order by id desc limit $2 offset $3'
      return (await statement('page', text, [appId, limit, offset])).rows
    },
    async insert(id, body) {
      await statement('insert', 'insert into records values ($1, $2, $3)', [appId, id, body])
    },
    async fill(count, body) {
      const ids = fillIds(count)
      const text = 'insert into records select $1, unnest($2::uuid[]), $3'
      for (let at = 0; at < count; at += rowsPerStatement) {
        await pool.query(text, [appId, ids.slice(at, at + rowsPerStatement), body])
      }
      await fillParts(pool, ids)
      await pool.query('vacuum analyze records')
      await pool.query('vacuum analyze parts')
      return reported(ids)
    },
  }
}

async function fillParts(pool: pg.Pool, ids: string[]): Promise<void> {
  const parts = allParts(ids)
  const text =
    'insert into parts select $1, * from unnest($2::uuid[], $3::text[], $4::int[], $5::text[])'
  for (let at = 0; at < parts.length; at += rowsPerStatement) {
    const rows = parts.slice(at, at + rowsPerStatement)
    const column = (index: number) => rows.map((row) => row[index])
    await pool.query(text, [appId, column(0), column(1), column(2), column(3)])
  }
}

/** Rising, as the real ids are. */
function fillIds(count: number): string[] {
  return Array.from({ length: count }, (_, at) => {
    const time = (1_700_000_000_000 + at).toString(16).padStart(12, '0')
    return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`
  })
}

const activeRecords = 1_000

/** The newest records have something beside them, where the form shows it. */
function allParts(ids: string[]): [string, string, number, string][] {
  return ids
    .slice(-activeRecords)
    .flatMap((id) =>
      Object.entries(bodies.parts).flatMap(([kind, entries]) =>
        entries.map((text, at): [string, string, number, string] => [id, kind, at, text]),
      ),
    )
}

function reported(ids: string[]): string[] {
  const isActive = Object.keys(bodies.parts).length > 0
  return isActive ? ids.slice(-activeRecords) : sample(ids)
}

function sample(ids: string[]): string[] {
  const step = Math.max(1, Math.floor(ids.length / idsReported))
  return ids.filter((_, at) => at % step === 0)
}

async function handle(store: Store, request: IncomingMessage, response: ServerResponse) {
  const path = request.url ?? ''
  if (request.method === 'POST') {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    JSON.parse(Buffer.concat(chunks).toString('utf8'))
    const time = Date.now().toString(16).padStart(12, '0')
    const id = `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`
    const body = path.endsWith('/payouts') ? bodies.payout : bodies.customer
    await store.insert(id, body)
    return send(response, 201, body)
  }
  if (path.includes('?')) return send(response, 200, await listOf(store, path))
  const id = path.slice(path.lastIndexOf('/') + 1)
  const body = await store.get(id)
  if (body === undefined) return send(response, 404, '{}')
  if (bodies.form === 'crypto') {
    return send(response, 200, `{"success":true,"data":${await withParts(id, body)}}`)
  }
  if (bodies.form === 'banking') return send(response, 200, await withParts(id, body))
  const isBare = bodies.form === 'payouts'
  return send(response, 200, isBare ? body : `{"msg":"Customer found","data":${body}}`)
}

async function withParts(id: string, body: string): Promise<string> {
  const kinds = Object.keys(bodies.parts)
  const parts = await Promise.all(kinds.map((kind) => store.parts(kind, [id], 50)))
  const members = kinds.map((kind, at) => {
    return `"${kind}":[${(parts[at] ?? []).map((part) => part.body).join(',')}]`
  })
  return `${body.slice(0, -1)},${members.join(',')}}`
}

/** A page with the wallets and the counts of each, and the count of all. */
async function listWithParts(query: URLSearchParams): Promise<string> {
  const size = query.has('search') ? 1 : 20
  const records = await store.page(size, 0)
  const wallets = Map.groupBy(
    await store.parts(
      'wallets',
      records.map(({ id }) => id),
      2_000,
    ),
    (part) => part.record_id,
  )
  const entries = records.map(({ id, body }) => {
    const own = (wallets.get(id) ?? []).map((part) => part.body).join(',')
    return `${body.slice(0, -1)},"wallets":[${own}],"_count":${countsText}}`
  })
  const pagination = `{"total":${known},"page":1,"pageSize":20,"totalPages":${Math.ceil(known / 20)}}`
  return `{"success":true,"data":[${entries.join(',')}],"pagination":${pagination}}`
}

/** Twenty records are read; of each an entry of five members is shown. */
async function listEntries(): Promise<string> {
  const records = await store.list(20, 0)
  const { id, type, status, email, created_at } = JSON.parse(bodies.customer)
  const entry = JSON.stringify({ id, type, status, email, created_at })
  const data = records.map(() => entry).join(',')
  return `{"data":[${data}],"pagination":{"has_more":true,"next_cursor":"cursor_${'x'.repeat(60)}"}}`
}

const countsText = '{"paymentIntents":50,"subscriptions":0,"invoices":50}'

/**
 * As a plain server would: a page, with the count where the format has one. A far page is the first
 * one here and the count a number in memory: an OFFSET or a count of a million would keep the
 * machine busy long after its own measurement.
 */
async function listOf(store: Store, path: string): Promise<string> {
  const query = new URLSearchParams(path.slice(path.indexOf('?')))
  if (bodies.form === 'crypto') return listWithParts(query)
  if (bodies.form === 'banking') return listEntries()
  const records = await store.list(Number(query.get('limit')), 0)
  if (bodies.form === 'payouts') return `[${records.join(',')}]`
  return `{"msg":"Customers found","data":{"count":${known},"customer_list":[${records.join(',')}]}}`
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
  })
  response.end(body)
}

/** The very bytes that our server answers, handed over by the benchmark. */
interface Bodies {
  form: string
  customer: string
  payout: string
  parts: Record<string, string[]>
}
const bodies: Bodies = JSON.parse(process.env['FLOOR_BODIES'] ?? '{}')
const known = Number(process.env['FLOOR_COUNT'])
const store = process.env['DATABASE_URL']
  ? await openPostgresql(process.env['DATABASE_URL'], 16)
  : openSqlite(process.env['FLOOR_FILE'] ?? `/tmp/floor-${randomBytes(4).toString('hex')}.db`)
const ids = await store.fill(known, bodies.customer)
const server = createServer((request, response) => {
  handle(store, request, response).catch(() => response.destroy())
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  process.send?.({ url: `http://127.0.0.1:${port}`, ids })
})
process.on('SIGTERM', () => process.exit(0))

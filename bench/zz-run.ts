import { mkdtempSync } from 'node:fs'
import { seed } from '/work/main/bench/seed.ts'
import { createApplication } from '/work/main/server/src/app.ts'
import { readConfig } from '/work/main/server/src/config.ts'
import { pino } from '/work/main/node_modules/pino/pino.js'
const dir = mkdtempSync('/tmp/cg/d-')
const env = { PORT: '0', CLIENTELE_DATA_DIR: dir, CLIENTELE_REQUESTS_PER_SECOND: '1000000' }
const seeded = await seed(env, 2000, () => {})
const config = readConfig(env)
const app = await createApplication(config, pino({ level: 'silent' }))
await app.start({ withWorker: false })
await app.server.listen({ host: '127.0.0.1', port: 0 })
const path = process.argv[2]
const N = Number(process.argv[3] ?? 1500)
const t = process.cpuUsage()
for (let i = 0; i < N; i++) {
  const url = path === 'get' ? `/crypto/customers/${seeded.activeIds[i % seeded.activeIds.length]}` : path === 'list' ? '/crypto/customers?page=1' : '/payouts/customers'
  const res = path === 'create'
    ? await app.server.inject({ method: 'POST', url, headers: { authorization: `Bearer ${seeded.key}`, 'content-type': 'application/json' }, payload: JSON.stringify({ type: 'individual', name: `Gerardo Ratto ${i}`, email: `x${i}@example.com`, country: 'AR' }) })
    : await app.server.inject({ method: 'GET', url, headers: { 'x-api-key': seeded.key } })
  if (res.statusCode >= 300) throw new Error(res.body)
}
const d = process.cpuUsage(t)
console.log(path, ((d.user + d.system) / N) | 0, 'us each')
await app.close()

// Owns asking for lists at a given rate, whether they are answered or refused, and counting both.
import autocannon from 'autocannon'
import type { Flood, FloodPlan } from './saturation.ts'

const plan: FloodPlan = JSON.parse(process.env['FLOOD_PLAN'] ?? '{}')
const { url, connections, perSecond, seconds, headers, paths } = plan

const counts = { served: 0, shed: 0, other: 0 }
const requests = paths.map((path) => ({ method: 'GET' as const, path, headers }))
const options = { url, connections, duration: seconds, overallRate: perSecond, requests }
const result = await new Promise<autocannon.Result>((resolve, reject) => {
  const instance = autocannon(options, (error, done) => (error ? reject(error) : resolve(done)))
  instance.on('response', (_client, status) => {
    if (status === 200) counts.served += 1
    else if (status === 503) counts.shed += 1
    else counts.other += 1
  })
})
const flood: Flood = {
  sent: result.requests.sent / result.duration,
  served: counts.served / result.duration,
  shed: counts.shed / result.duration,
  other: counts.other + result.errors + result.timeouts,
}
process.send?.(flood, () => process.disconnect?.())

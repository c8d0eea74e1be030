// Owns the proof that the links of a proof make the chain anew.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import { digest } from '../../vault/vault.ts'
import { createCustomer, updateCustomer } from '../customer/customer-service.ts'
import { proveHistory } from './proof-service.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

test('whoever has the links computes every hash, a page at a time', async () => {
  const context = server.contextOf(server.testApp)
  const { id } = await createCustomer(context, { kind: 'individual', name: 'Alice Smith' })
  for (const name of ['Second', 'Third', 'Fourth']) await updateCustomer(context, id, { name })
  const hashes: Uint8Array[] = []
  for (let page = 0, hasMore = true; hasMore && page < 10; page += 1) {
    const afterVersion = hashes.length
    const proof = await proveHistory(context, id, { afterVersion, limit: 3 })
    expect(proof.broken).toBe(null)
    let previous = proof.previousHash
    for (const { version, type, actor, at, changesHash, hash } of proof.links) {
      const said = [context.app.id, id, String(version), type, actor, String(at)]
      previous = digest([previous, ...said, changesHash])
      expect(Buffer.from(previous).equals(Buffer.from(hash))).toBe(true)
      hashes.push(hash)
    }
    hasMore = proof.hasMore
  }
  expect(hashes).toHaveLength(4)
})

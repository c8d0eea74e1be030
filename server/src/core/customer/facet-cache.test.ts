// Owns the proof that a facet from memory is never older than its record.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../../test/harness.ts'
import { inTransaction } from '../../storage/transaction.ts'
import { readFacet } from './facet-cache.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

function readingFrom(entries: Record<string, string[]>) {
  const asked: string[][] = []
  const read = async (ids: string[]) => {
    asked.push(ids)
    return new Map(ids.flatMap((id) => (entries[id] ? [[id, entries[id]] as const] : [])))
  }
  return { asked, read }
}

test('what is in memory is not read again, and what is not is read all at once', async () => {
  const context = server.contextOf(server.testApp)
  const { asked, read } = readingFrom({ a: ['x'], b: ['y', 'z'] })
  const [a, b, none] = ['a', 'b', 'none'].map((id) => ({ id, version: 1 }))
  if (!a || !b || !none) throw new Error('three customers')
  expect((await readFacet(context, 'things', [a], read)).get('a')).toEqual(['x'])
  const all = await readFacet(context, 'things', [a, b, none], read)
  expect([all.get('a'), all.get('b'), all.get('none')]).toEqual([['x'], ['y', 'z'], []])
  expect(asked).toEqual([['a'], ['b', 'none']])
})

test('another version, another facet and another app are read anew', async () => {
  const context = server.contextOf(server.testApp)
  const { asked, read } = readingFrom({ c: ['x'] })
  await readFacet(context, 'things', [{ id: 'c', version: 1 }], read)
  await readFacet(context, 'things', [{ id: 'c', version: 2 }], read)
  await readFacet(context, 'others', [{ id: 'c', version: 2 }], read)
  await readFacet(server.contextOf(server.liveApp), 'things', [{ id: 'c', version: 2 }], read)
  await readFacet(context, 'things', [{ id: 'c', version: 2 }], read)
  expect(asked).toHaveLength(4)
})

test('a transaction reads its own, and leaves nothing of it in memory', async () => {
  const context = server.contextOf(server.testApp)
  const { asked, read } = readingFrom({ d: ['x'] })
  const d = { id: 'd', version: 1 }
  await inTransaction(context, (tx) => readFacet(tx, 'things', [d], read))
  await readFacet(context, 'things', [d], read)
  await inTransaction(context, (tx) => readFacet(tx, 'things', [d], read))
  expect(asked).toHaveLength(3)
})

// Owns the tests of the first request of each surface.
import { expect, test } from 'vitest'
import { surfaces } from '../surfaces/surfaces.ts'
import { examples, toCurl } from './examples.ts'

test.each(surfaces)('the surface $name has a first request to paste', ({ name, operations }) => {
  const example = examples[name]
  const posted = operations.filter(({ method }) => method === 'POST').map(({ path }) => path)
  expect(posted).toContain(example?.path)
})

test('nothing in an example ends the quotes around it', () => {
  for (const example of Object.values(examples)) {
    const [first = '', second = '', third = ''] = toCurl(example, 'http://127.0.0.1:1/a', 'sk_1')
    for (const line of [first, second, third]) expect(line.split("'").length % 2).toBe(1)
    expect(third).toBe(`  -d '${JSON.stringify(example.body)}'`)
  }
})

// Owns the tests of the first request of each surface.
import { expect, test } from 'vitest'
import { surfaces } from '../surfaces/surfaces.ts'
import { examples, toCurl } from './examples.ts'

test.each(surfaces)('the surface $name has a first request to paste', ({ name, operations }) => {
  const example = examples[name]
  const method = example?.body ? 'POST' : 'GET'
  const paths = operations.filter((one) => one.method === method).map(({ path }) => path)
  expect(paths).toContain(example?.path)
})

test('nothing in an example ends the quotes around it', () => {
  for (const example of Object.values(examples)) {
    const lines = toCurl(example, 'http://127.0.0.1:1/a', 'sk_1')
    for (const line of lines) expect(line.split("'").length % 2).toBe(1)
    if (example.body) expect(lines[2]).toBe(`  -d '${JSON.stringify(example.body)}'`)
    else expect(lines).toHaveLength(1)
  }
})

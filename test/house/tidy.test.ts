// Owns the house rules as tests: each rule on the whole tree, and on a sample that breaks it.
import { describe, expect, test } from 'vitest'
import { readImports } from './import-rules.ts'
import { importRuleSamples } from './import-samples.ts'
import { idleExceptions } from './query-rules.ts'
import { shapeRuleSamples } from './shape-samples.ts'
import { readTree, sourceFile } from './source-file.ts'
import { wordRuleSamples } from './word-samples.ts'

const tree = readTree()
const rules = [...importRuleSamples, ...shapeRuleSamples, ...wordRuleSamples]

describe.each(rules)('$title', (rule) => {
  test('in every file', () => {
    const offences = rule.check(tree)
    if (offences.length > 0) throw new Error(`${offences.length} offences\n${offences.join('\n')}`)
  })

  test('and what breaks it is caught', () => {
    const sample = Object.entries(rule.sample).map(([path, text]) => sourceFile(path, text))
    expect(rule.check(sample)).toEqual(rule.says)
  })
})

test('no exception outlives its reason', () => {
  expect(idleExceptions(tree)).toEqual([])
  expect(idleExceptions([]).length).toBeGreaterThan(0)
})

test('the reader sees the tree: hundreds of imports, and the ones of a known file', () => {
  expect(tree.length).toBeGreaterThan(80)
  expect(tree.flatMap(readImports).length).toBeGreaterThan(300)
  const main = tree.filter((file) => file.path === 'server/src/main.ts')
  expect(main.flatMap(readImports)).toMatchObject([
    { specifier: './cli/command-line.ts', target: 'server/src/cli/command-line.ts', isType: false },
  ])
})

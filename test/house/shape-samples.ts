// Owns the rules of shape with a small tree each that breaks them.
import type { Rule } from './rule.ts'
import {
  badNames,
  longFiles,
  longFunctions,
  longLines,
  openingsWithoutOwner,
  untested,
} from './shape-rules.ts'

const lines = (count: number) => 'x\n'.repeat(count)

export const shapeRuleSamples: Rule[] = [
  {
    title: 'a file has at most 300 lines',
    check: longFiles,
    sample: { 'test/a.ts': lines(300), 'test/b.ts': lines(301) },
    says: ['test/b.ts:301: 301 lines, at most 300'],
  },
  {
    title: 'a function has at most 60 lines',
    check: longFunctions,
    sample: {
      'bench/a.ts': `function a() {\n${lines(58)}}\nfunction b(): { c: string } {\n${lines(59)}}\n`,
      'bench/b.ts': `const a = { m(x: () => void) {\n${lines(59)}} }\n`,
      'bench/c.ts': `export class C {\n  async m<T>(x: T): Promise<{ a: T }> {\n${lines(59)}}\n}\n`,
      'bench/d.ts': `const f = async () => {\n  '{' + /[{/]/.source + \`{\${1}\`\n${lines(58)}}\n`,
      'bench/e.ts': `const brace = '}'\nexport function e() {\n  x('}')\n  // }\n${lines(57)}}\n`,
      'test/f.test.ts': `describe('a', () => {\n${lines(90)}})\nconst g = () => {\n${lines(59)}}\n`,
    },
    says: [
      'bench/a.ts:61: a function of 61 lines, at most 60',
      'bench/c.ts:2: a function of 61 lines, at most 60',
      'bench/d.ts:1: a function of 61 lines, at most 60',
      'bench/e.ts:2: a function of 61 lines, at most 60',
      'test/f.test.ts:93: a function of 61 lines, at most 60',
    ],
  },
  {
    title: 'a line has at most 100 columns',
    check: longLines,
    sample: {
      'bench/a.ts': `${'x '.repeat(50)}\n${'x '.repeat(51)}\n// https://a.example/${'x '.repeat(60)}\n`,
      'bench/b.ts': `test('${'x '.repeat(60)}', () => {})\nconst key = '${'x'.repeat(120)}'\n`,
    },
    says: ['bench/a.ts:2: 102 columns, at most 100'],
  },
  {
    title: 'a file opens with what it owns',
    check: openingsWithoutOwner,
    sample: {
      'test/a.ts': '// Owns a thing.\n',
      'test/b.ts': "import './a.ts'\n// Owns too late.\n",
      'test/c.mjs': '#!/usr/bin/env node\n// Owns the start.\n',
      'test/d.ts': '/** Owns a docstring. */\n',
    },
    says: [
      'test/b.ts:1: does not open with "// Owns …"',
      'test/d.ts:1: does not open with "// Owns …"',
    ],
  },
  {
    title: 'names are in kebab-case and say something',
    check: badNames,
    sample: {
      'test/good-name.test.ts': '',
      'server/src/storage/migrations/0001-record.ts': '',
      'test/camelCase.ts': '',
      'test/with_underscore.ts': '',
      'server/src/core/utils/a.ts': '',
      'test/customer-helpers.ts': '',
    },
    says: [
      'test/camelCase.ts:1: is not in kebab-case',
      'test/with_underscore.ts:1: is not in kebab-case',
      'server/src/core/utils/a.ts:1: "utils" in a name says nothing',
      'test/customer-helpers.ts:1: "helpers" in a name says nothing',
    ],
  },
  {
    title: 'every service and every operation has a test beside it',
    check: untested,
    sample: {
      'server/src/core/wallets/wallet-service.ts': '',
      'server/src/core/apps/app-service.ts': '',
      'server/src/core/apps/app-service.test.ts': '',
      'server/src/surfaces/crypto/add-wallet.ts': 'export const add = defineOperation({})',
      'server/src/surfaces/crypto/wire.ts': "const name = 'defineOperation('",
    },
    says: [
      'server/src/core/wallets/wallet-service.ts:1: has no wallet-service.test.ts beside it',
      'server/src/surfaces/crypto/add-wallet.ts:1: has no add-wallet.test.ts beside it',
    ],
  },
]

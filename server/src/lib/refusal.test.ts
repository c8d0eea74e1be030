// Owns the proof that a refusal carries its fix, and that error codes are read safely.
import { expect, test } from 'vitest'
import { Refusal, systemCode } from './refusal.ts'

test('a refusal says what, and how to mend it', () => {
  const refusal = new Refusal('folder_locked', 'the folder is in use', 'stop the other process')
  expect(refusal).toBeInstanceOf(Error)
  expect(refusal).toMatchObject({
    name: 'Refusal',
    code: 'folder_locked',
    message: 'the folder is in use',
    fix: 'stop the other process',
  })
})

test.each<[string, unknown, string]>([
  ['a system error', Object.assign(new Error('full'), { code: 'ENOSPC' }), 'ENOSPC'],
  ['an error without a code', new Error('plain'), ''],
  ['an error with a code that is no text', Object.assign(new Error('odd'), { code: 5 }), ''],
  ['something that is no error', { code: 'ENOSPC' }, ''],
  ['text', 'ENOSPC', ''],
  ['null', null, ''],
  ['undefined', undefined, ''],
])('the code of %s', (_what, error, code) => {
  expect(systemCode(error)).toBe(code)
})

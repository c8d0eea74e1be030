// Owns the last line of a test run: how many passed, how many failed.
import type { Reporter, TestModule } from 'vitest/node'

export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: ReadonlyArray<TestModule>, errors: ReadonlyArray<unknown>): void {
    let passed = 0
    let failed = errors.length
    let skipped = 0
    for (const module of modules) {
      failed += module.errors().length
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state === 'passed') passed += 1
        else if (state === 'failed') failed += 1
        else skipped += 1
      }
    }
    const ending = skipped === 0 ? '' : `, ${skipped} skipped`
    // After the default reporter's summary.
    setImmediate(() => process.stdout.write(`\n${passed} passed, ${failed} failed${ending}\n`))
  }
}

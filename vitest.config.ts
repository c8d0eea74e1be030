import { defineConfig } from 'vitest/config'

// Server processes that tests start keep their compiled code, as `npm start` does.
process.env['NODE_COMPILE_CACHE'] ??= `${import.meta.dirname}/node_modules/.cache/node`

const everyEngine = {
  include: ['server/src/**/*.test.ts', 'sdk/**/*.test.ts', 'test/**/*.test.ts'],
  exclude: ['server/src/lib/**', 'test/house/**'],
  testTimeout: 30_000,
  hookTimeout: 60_000,
}

export default defineConfig({
  test: {
    maxWorkers: 2,
    // A line that says "N passed, N failed" closes the run.
    reporters: ['default', './test/closing-line.ts'],
    projects: [
      { test: { ...everyEngine, name: 'sqlite', env: { CLIENTELE_TEST_ENGINE: 'sqlite' } } },
      {
        test: {
          ...everyEngine,
          name: 'postgresql',
          env: { CLIENTELE_TEST_ENGINE: 'postgresql' },
          globalSetup: ['./test/postgresql.ts'],
        },
      },
      {
        test: {
          name: 'house',
          include: ['server/src/lib/**/*.test.ts', 'test/house/**/*.test.ts'],
          testTimeout: 60_000,
        },
      },
    ],
  },
})

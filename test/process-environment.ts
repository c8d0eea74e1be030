// Owns what every process that a test starts is given, besides its own settings.

/** Where programs are, and code that is compiled already: as `npm start` has it. */
export function processEnvironment(settings: Record<string, string>): Record<string, string> {
  const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env
  // The machine is busy with other tests: no reason to turn a request away.
  const settled = { CLIENTELE_EVENT_LOOP_DELAY_MS: '0' }
  return { PATH, NODE_COMPILE_CACHE, ...settled, ...settings }
}

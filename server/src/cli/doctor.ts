// Owns `doctor`: every check in turn, each with what it saw and how to mend it.
import { type Command, defineCommand, type Host, type Inspection } from './command.ts'
import { checkDatabase } from './doctor-database.ts'
import { checkDisk, checkFolder, checkMasterKey, checkPort, checkServer } from './doctor-machine.ts'
import { toFailure } from './failure.ts'

export interface Check {
  name: string
  state: 'ok' | 'warn' | 'fail'
  detail: string
  /** How to mend it; absent when there is nothing to mend. */
  fix?: string
}

interface DoctorResult {
  isHealthy: boolean
  checks: Check[]
}

export const doctor: Command = defineCommand<DoctorResult>({
  name: 'doctor',
  summary: 'say what is wrong with this installation, and how to mend it',
  isReadOnly: true,
  async run(host) {
    const checks = [checkFolder(host.config), await checkDisk(host.config), checkServer(host)]
    checks.push(...(await checkStored(host)))
    checks.push(await checkPort(host))
    return { isHealthy: checks.every(({ state }) => state !== 'fail'), checks }
  },
  isBad: ({ isHealthy }) => !isHealthy,
  render: ({ checks, isHealthy }) =>
    [...checks.map(renderCheck), '', isHealthy ? 'Nothing is wrong' : 'Something is wrong'].join(
      '\n',
    ),
})

/** What needs the database; when that does not open, its refusal stands in for all of it. */
async function checkStored(host: Host): Promise<Check[]> {
  let inspection: Inspection
  try {
    inspection = await host.inspect()
    return [...(await checkDatabase(inspection, host)), await checkMasterKey(host, inspection)]
  } catch (error) {
    const { message: detail, fix } = toFailure(error, host.config)
    return [{ name: 'database', state: 'fail', detail, fix }]
  }
}

function renderCheck({ name, state, detail, fix }: Check): string {
  const line = `${state.padEnd(4)}  ${name.padEnd(12)}  ${detail}`
  return fix === undefined ? line : `${line}\n${''.padEnd(20)}to mend it: ${fix}`
}

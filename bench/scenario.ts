// Owns what every scenario is given, and waiting for what it has set going.

export interface Scenario {
  environment: Record<string, string>
  /** `null`: the embedded engine. */
  database: MeasuredDatabase | null
  /** For logs. */
  folder: string
  key: string
  ids: string[]
  seconds: number
}

const waitMsMax = 300_000

export async function until(isDone: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + waitMsMax
  while (!(await isDone())) {
    if (Date.now() > end) throw new Error('what was set going did not end')
    await pause(10)
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

export interface MeasuredDatabase {
  url: string
  /** Of a role that sees every row. */
  adminUrl: string
}

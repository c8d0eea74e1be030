// Owns one adapter with a provider behind it, as the shared suite asks for it.
import { expect } from 'vitest'
import type {
  Provider,
  ProviderConnection,
  ProviderCustomer,
  ProviderRole,
  RemoteRecord,
  WebhookDelivery,
} from '../../core/provider.ts'
import type { Json } from '../../lib/canonical.ts'
import type { StandIn } from './stand-in.ts'

/** A provider that knows nobody yet, and the adapter for it. */
export interface ProviderBench {
  provider: Provider
  connection: ProviderConnection
  /** `null` for the sandbox, which calls nobody. */
  standIn: StandIn | null
  customerOf(kind: ProviderCustomer['kind']): ProviderCustomer
  providerData(role: ProviderRole, kind: ProviderCustomer['kind']): Record<string, Json>
  /** How many records of this role there are at the provider. */
  remoteCount(role: ProviderRole): number | Promise<number>
  /** Puts money where the record has its own, so that a balance has something to tell. */
  fund?(record: RemoteRecord): void | Promise<void>
  /** A genuine delivery of `body`; of a good one where it is left out. */
  webhook?: { good: Json; sign(body: Uint8Array): WebhookDelivery }
  close(): Promise<void>
}

export type SetUp = () => Promise<ProviderBench>

export const customerKinds = ['individual', 'business'] as const

/** Runs `work` on a provider of its own, which must have been asked nothing undocumented. */
export async function withBench(
  setUp: SetUp,
  work: (bench: ProviderBench) => Promise<void>,
): Promise<void> {
  const bench = await setUp()
  try {
    await work(bench)
    expect(bench.standIn?.violations ?? []).toEqual([])
  } finally {
    await bench.close()
  }
}

/** Every role with every kind of customer, each at a provider of its own. */
export function eachRole(
  setUp: SetUp,
  work: (bench: ProviderBench, role: ProviderRole, kind: ProviderCustomer['kind']) => Promise<void>,
): Promise<void> {
  return withBench(setUp, async (first) => {
    for (const role of first.provider.roles) {
      for (const kind of customerKinds) {
        await withBench(setUp, (bench) => work(bench, role, kind))
      }
    }
  })
}

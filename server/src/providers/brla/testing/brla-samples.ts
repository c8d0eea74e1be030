// Owns what the tests of the BRLA adapter share: a stand-in behind an adapter.
import type { Provider, ProviderConnection, Registering } from '../../../core/provider.ts'
import { heldClock, hurriedEgress, lia } from '../../avenia/testing/avenia-samples.ts'
import { createBrla } from '../brla.ts'
import { type BrlaStandIn, startBrlaStandIn } from './brla-stand-in.ts'

export interface BrlaBench {
  standIn: BrlaStandIn
  brla: Provider
  connection: ProviderConnection
  register(over?: Partial<Registering>): ReturnType<Provider['register']>
  close(): Promise<void>
}

export async function openBrla(): Promise<BrlaBench> {
  const standIn = await startBrlaStandIn()
  const egress = hurriedEgress(standIn)
  const brla = createBrla({ egress, clock: heldClock() })
  const { email, password } = standIn
  const connection: ProviderConnection = {
    ...{ appId: 'app_1', connectionId: 'con_1', mode: 'test', baseUrl: standIn.url },
    credentials: { email, password },
    mayReplaceLegalAddress: true,
  }
  const register = (over: Partial<Registering> = {}) =>
    brla.register(connection, {
      ...{ role: 'subaccount', customer: lia, providerData: {} },
      ...{ idempotencyKey: 'reg-1', isRepeat: false },
      ...over,
    })
  return {
    ...{ standIn, brla, connection, register },
    close: async () => {
      await egress.close()
      await standIn.close()
    },
  }
}

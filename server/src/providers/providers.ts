// Owns the list of provider adapters: one line each.
import type { Providers } from '../core/provider.ts'
import { createAvenia } from './avenia/avenia.ts'
import { createBridge } from './bridge/bridge.ts'
import { createBrla } from './brla/brla.ts'
import type { ProviderParts } from './http-client.ts'
import { createMercadoPago } from './mercado-pago/mercado-pago.ts'
import { createPagarMe } from './pagar-me/pagar-me.ts'
import { createSandbox, type SandboxParts } from './sandbox/sandbox.ts'
import { createStripe } from './stripe/stripe.ts'

export function createProviders(parts: ProviderParts & SandboxParts): Providers {
  return {
    adapters: {
      stripe: createStripe(parts),
      bridge: createBridge(parts),
      pagar_me: createPagarMe(parts),
      brla: createBrla(parts),
      avenia: createAvenia(parts),
      mercado_pago: createMercadoPago(parts),
    },
    sandbox: createSandbox(parts),
  }
}

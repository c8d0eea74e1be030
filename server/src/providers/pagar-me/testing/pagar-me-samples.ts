// Owns what the tests of the Pagar.me adapter share: a stand-in behind an adapter, and records.
import type { Provider, ProviderConnection, ProviderCustomer } from '../../../core/provider.ts'
import type { Json } from '../../../lib/canonical.ts'
import { systemClock } from '../../../lib/clock.ts'
import { createEgress } from '../../../lib/egress.ts'
import { createPagarMe } from '../pagar-me.ts'
import { type PagarMeStandIn, startPagarMeStandIn } from './pagar-me-stand-in.ts'

export interface PagarMeBench {
  standIn: PagarMeStandIn
  pagarMe: Provider
  connection: ProviderConnection
  close(): Promise<void>
}

/** An answer that never comes must not hold a test for the ten seconds of a real one. */
const timeoutMsMax = 400

export async function openPagarMe(): Promise<PagarMeBench> {
  const standIn = await startPagarMeStandIn()
  const egress = createEgress({ allowedNetworks: ['127.0.0.0/8'] })
  const hurried: typeof egress = {
    ...egress,
    send: (request) => {
      // Only where it is to fail: on a busy machine a good answer may take its time.
      const timeoutMs = standIn.badDay === null ? request.timeoutMs : timeoutMsMax
      return egress.send({ ...request, timeoutMs })
    },
  }
  return {
    standIn,
    pagarMe: createPagarMe({ egress: hurried, clock: systemClock }),
    connection: {
      appId: 'app_1',
      connectionId: 'con_1',
      mode: 'test',
      baseUrl: standIn.url,
      credentials: {
        secret_key: standIn.secretKey,
        webhook_user: 'clientele',
        webhook_password: 'pass:word',
      },
      mayReplaceLegalAddress: false,
    },
    close: async () => {
      await egress.close()
      await standIn.close()
    },
  }
}

export const lia: ProviderCustomer = {
  recordId: 'cust_lia',
  kind: 'individual',
  name: 'Lia Prado',
  givenName: 'Lia',
  familyName: 'Prado',
  companyName: null,
  email: 'lia@example.test',
  phone: '+5513955501234',
  phoneParts: null,
  document: { type: 'personal_tax_id', number: '000.000.001-91', country: 'BR' },
  dateOfBirth: '1991-04-02',
  address: {
    line1: null,
    line2: null,
    houseNumber: null,
    streetNumber: '12',
    streetName: 'Rua das Gaivotas',
    neighborhood: 'Centro',
    city: 'Santos',
    state: 'São Paulo',
    subdivision: null,
    postalCode: '11000-000',
  },
  country: 'BR',
}

export const gaivota: ProviderCustomer = {
  ...lia,
  recordId: 'cust_gaivota',
  kind: 'business',
  name: 'Gaivota Comercio Ltda',
  givenName: null,
  familyName: null,
  companyName: 'Gaivota Comercio Ltda',
  email: 'contato@gaivota.test',
  document: { type: 'cnpj', number: '12.ABC.345/01DE-35', country: 'BR' },
  dateOfBirth: null,
}

export const account = {
  holder_name: 'Lia Prado',
  holder_type: 'individual',
  holder_document: '00000000191',
  bank: '341',
  branch_number: '1234',
  account_number: '56789',
  account_check_digit: '0',
  type: 'checking',
} satisfies Json

export const personData = {
  default_bank_account: account,
  reference_point: 'Ao lado da praia',
  monthly_income: 350_000,
  professional_occupation: 'Pintora',
} satisfies Json

export const partner = {
  name: 'Lia Prado',
  email: 'lia@example.test',
  document: '00000000191',
  birthdate: '1991-04-02',
  monthly_income: 350_000,
  professional_occupation: 'Pintora',
  self_declared_legal_representative: true,
  address: {
    street: 'Rua das Gaivotas',
    complementary: '',
    street_number: '12',
    neighborhood: 'Centro',
    city: 'Santos',
    state: 'SP',
    zip_code: '11000000',
    reference_point: 'Ao lado da praia',
  },
  phone_numbers: [{ ddd: '13', number: '955501234', type: 'mobile' }],
} satisfies Json

export const companyData = {
  default_bank_account: { ...account, holder_type: 'company', holder_document: '12ABC34501DE35' },
  reference_point: 'Ao lado da praia',
  annual_revenue: 90_000_000,
  trading_name: 'Gaivota',
  managing_partners: [partner],
  founding_date: '2010-12-20',
} satisfies Json

// Owns what a caller may give for Bridge beyond the record, by name and form.
import Type, { type TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import type { ProviderCustomer } from '../../core/provider.ts'
import type { Json } from '../../lib/canonical.ts'
import { rejected } from '../http-client.ts'
import type { BridgeBody } from './bridge-client.ts'

const textLengthMax = 1024
const entriesMax = 50

const Text = Type.String({ minLength: 1, maxLength: textLengthMax })
const Texts = Type.Array(Text, { maxItems: entriesMax })
const Entry = Type.Record(Type.String(), Type.Unknown())
const Entries = Type.Array(Entry, { maxItems: entriesMax })
const Address = Type.Object(
  {
    street_line_1: Type.String({ minLength: 4, maxLength: textLengthMax }),
    street_line_2: Type.Optional(Text),
    city: Text,
    subdivision: Type.Optional(Text),
    postal_code: Type.Optional(Text),
    country: Type.String({ pattern: '^[A-Z]{3}$' }),
  },
  { additionalProperties: false },
)
const Identification = Type.Object({
  type: Text,
  issuing_country: Type.String({ pattern: '^[A-Za-z]{3}$' }),
  number: Type.Optional(Type.String({ minLength: 1, maxLength: 42 })),
})

const both: Record<string, TSchema> = {
  signed_agreement_id: Text,
  identifying_information: Type.Array(Identification, { maxItems: entriesMax }),
  endorsements: Texts,
  account_purpose: Text,
  account_purpose_other: Text,
  source_of_funds: Text,
  expected_monthly_payments_usd: Text,
}

const members: Record<ProviderCustomer['kind'], Record<string, TSchema>> = {
  individual: {
    ...both,
    middle_name: Text,
    transliterated_first_name: Text,
    transliterated_middle_name: Text,
    transliterated_last_name: Text,
    transliterated_residential_address: Address,
    nationality: Type.String({ pattern: '^[A-Z]{3}$' }),
    employment_status: Text,
    most_recent_occupation: Text,
    acting_as_intermediary: Type.Boolean(),
  },
  business: {
    ...both,
    business_type: Text,
    business_trade_name: Text,
    business_description: Text,
    business_industry: Type.Union([Text, Texts]),
    transliterated_business_legal_name: Text,
    transliterated_business_trade_name: Text,
    primary_website: Text,
    other_websites: Texts,
    physical_address: Address,
    associated_persons: Entries,
    ownership_threshold: Type.Number({ minimum: 0, maximum: 100 }),
    has_material_intermediary_ownership: Type.Boolean(),
    is_dao: Type.Boolean(),
  },
}

const checked = {
  individual: compileAll(members.individual),
  business: compileAll(members.business),
}

function compileAll(schemas: Record<string, TSchema>) {
  return new Map(Object.entries(schemas).map(([name, schema]) => [name, Compile(schema)]))
}

/** Refuses by name what Bridge does not have, before anything is sent. */
export function checkBridgeData(
  kind: ProviderCustomer['kind'],
  providerData: Record<string, Json>,
): BridgeBody {
  for (const [name, value] of Object.entries(providerData)) {
    const form = checked[kind].get(name)
    const shown = /^[a-z_]{1,60}$/.test(name) ? `provider_data.${name}` : 'a provider_data member'
    if (form === undefined) throw rejected(`${shown} is not among what Bridge takes`)
    if (!form.Check(value)) throw rejected(`${shown} does not have the form that Bridge takes`)
  }
  return providerData
}

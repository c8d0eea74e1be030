// Owns the parameters of Stripe that the adapter sends, every level closed, as schemas.
import Type from 'typebox'
import { Compile } from 'typebox/compile'

const closed = { additionalProperties: false }
const some = { ...closed, minProperties: 1 }
const optional = Type.Optional
const Text = (maxLength: number) => Type.String({ minLength: 1, maxLength })
const oneOf = (...texts: string[]) => Type.Enum(texts)

const Email = Type.String({ pattern: '^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$', maxLength: 512 })
const Phone = Type.String({ pattern: '^\\+[1-9][0-9]{6,14}$', maxLength: 20 })
const Country = Type.String({ pattern: '^[A-Z]{2}$' })
const FileId = Type.String({ pattern: '^file_[A-Za-z0-9_]+$' })
const Metadata = Type.Record(Type.String({ pattern: '^[a-z_]{1,40}$' }), Text(500))

const Address = Type.Object(
  {
    line1: optional(Text(5_000)),
    line2: optional(Text(5_000)),
    city: optional(Text(5_000)),
    state: optional(Text(5_000)),
    postal_code: optional(Text(5_000)),
    country: optional(Country),
  },
  some,
)

const taxIdForms = {
  br_cpf: '^[0-9]{3}\\.?[0-9]{3}\\.?[0-9]{3}-?[0-9]{2}$',
  br_cnpj: '^[0-9A-Z]{2}\\.?[0-9A-Z]{3}\\.?[0-9A-Z]{3}/?[0-9A-Z]{4}-?[0-9]{2}$',
  ar_cuit: '^[0-9]{2}-?[0-9]{8}-?[0-9]$',
  us_ein: '^[0-9]{2}-?[0-9]{7}$',
}
const TaxId = Type.Union(
  Object.entries(taxIdForms).map(([type, pattern]) =>
    Type.Object({ type: Type.Literal(type), value: Type.String({ pattern }) }, closed),
  ),
)

const customer = {
  name: optional(Text(256)),
  email: optional(Email),
  phone: optional(Phone),
  shipping: optional(
    Type.Object({ name: Text(5_000), address: Address, phone: optional(Phone) }, closed),
  ),
}

const Proof = Type.Object({ front: optional(FileId), back: optional(FileId) }, some)

const Individual = Type.Object(
  {
    first_name: optional(Text(100)),
    last_name: optional(Text(100)),
    email: optional(Email),
    phone: optional(Phone),
    dob: optional(
      Type.Object(
        {
          day: Type.String({ pattern: '^(?:[1-9]|[12][0-9]|3[01])$' }),
          month: Type.String({ pattern: '^(?:[1-9]|1[0-2])$' }),
          year: Type.String({ pattern: '^(?:19|20)[0-9]{2}$' }),
        },
        closed,
      ),
    ),
    address: optional(Address),
    id_number: optional(Text(64)),
    verification: optional(
      Type.Object({ document: optional(Proof), additional_document: optional(Proof) }, some),
    ),
  },
  some,
)

const Company = Type.Object(
  {
    name: optional(Text(100)),
    phone: optional(Phone),
    address: optional(Address),
    tax_id: optional(Text(64)),
  },
  some,
)

const account = {
  email: optional(Email),
  individual: optional(Individual),
  company: optional(Company),
}

export const customerBodies = {
  create: Compile(
    Type.Object(
      { ...customer, metadata: Metadata, tax_id_data: optional(Type.Array(TaxId)) },
      closed,
    ),
  ),
  /** Tax ids have a path of their own once the customer is there. */
  update: Compile(Type.Object(customer, some)),
}

export const accountBodies = {
  create: Compile(
    Type.Object(
      {
        ...account,
        type: oneOf('custom', 'express', 'standard'),
        country: optional(Country),
        business_type: oneOf('individual', 'company', 'non_profit', 'government_entity'),
        capabilities: Type.Object(
          { transfers: Type.Object({ requested: oneOf('true', 'false') }, closed) },
          closed,
        ),
        metadata: Metadata,
      },
      closed,
    ),
  ),
  /** Type and country stay what they were. */
  update: Compile(Type.Object(account, some)),
}

// Owns the bodies that Bridge documents, every member closed, as schemas of the stand-in.
import Type from 'typebox'
import { Compile } from 'typebox/compile'

const closed = { additionalProperties: false }
const optional = Type.Optional
const Text = Type.String({ minLength: 1, maxLength: 1024 })
const Name = Type.String({ minLength: 2, maxLength: 1024 })

const Address = Type.Object(
  {
    street_line_1: Type.String({ minLength: 4 }),
    street_line_2: optional(Text),
    city: Text,
    subdivision: optional(Type.String({ pattern: '^[A-Z0-9]{1,3}$' })),
    postal_code: optional(Text),
    country: Type.String({ pattern: '^[A-Z]{3}$' }),
  },
  closed,
)

const Identification = Type.Object(
  {
    type: Text,
    issuing_country: Type.String({ pattern: '^[A-Za-z]{3}$' }),
    number: optional(Type.String({ minLength: 1, maxLength: 42 })),
    image_front: optional(Type.String({ pattern: '^data:' })),
    image_back: optional(Type.String({ pattern: '^data:' })),
  },
  closed,
)

const Document = Type.Object(
  {
    purposes: Type.Array(Text, { minItems: 1 }),
    file: Type.String({
      pattern: '^data:(application/pdf|image/(png|jpeg));base64,[A-Za-z0-9+/]+=*$',
    }),
    description: optional(Text),
  },
  closed,
)

const shared = {
  email: optional(Type.String({ pattern: '^[^@\\s]+@[^@\\s]+$', maxLength: 1024 })),
  phone: optional(Type.String({ pattern: '^\\+[1-9][0-9]{6,14}$' })),
  signed_agreement_id: optional(Text),
  identifying_information: optional(Type.Array(Identification)),
  documents: optional(Type.Array(Document)),
  endorsements: optional(Type.Array(Text)),
}

const individual = {
  ...shared,
  first_name: optional(Name),
  last_name: optional(Name),
  transliterated_first_name: optional(Name),
  transliterated_last_name: optional(Name),
  birth_date: optional(Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' })),
  residential_address: optional(Address),
  employment_status: optional(Text),
}

const business = {
  ...shared,
  business_legal_name: optional(Name),
  transliterated_business_legal_name: optional(Name),
  business_type: optional(Text),
  business_description: optional(Text),
  registered_address: optional(Address),
  physical_address: optional(Address),
  is_dao: optional(Type.Boolean()),
}

const Person = Type.Object(
  { first_name: Name, last_name: Name, email: Text, has_control: optional(Type.Boolean()) },
  closed,
)

export const createBodies = {
  individual: Compile(Type.Object({ type: Type.Literal('individual'), ...individual }, closed)),
  business: Compile(
    Type.Object(
      {
        type: Type.Literal('business'),
        ...business,
        associated_persons: optional(Type.Array(Person)),
      },
      closed,
    ),
  ),
}

/** Any subset; the kind cannot change, and people go through a path of their own. */
export const updateBodies = {
  individual: Compile(Type.Object(individual, { ...closed, minProperties: 1 })),
  business: Compile(Type.Object(business, { ...closed, minProperties: 1 })),
}

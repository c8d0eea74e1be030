// Owns the banking surface's wire schemas of the people behind a corporation.
import Type, { type Static } from 'typebox'
import type { Individual } from '../../core/individuals/individual.ts'
import { individualErrors, individualRoles } from '../../core/individuals/individual.ts'
import { printId } from '../../lib/id.ts'
import {
  closed,
  fromWireId,
  Id,
  Nullable,
  NullableText,
  named,
  Text,
  Time,
  toWireAddress,
  toWireTime,
  WireAddress,
} from './wire.ts'

export const IndividualParams = Type.Object(
  { id: Id('The customer', 'cust'), individual_id: Id('The individual', 'ind') },
  closed,
)

export function fromWireIndividualId(text: string): string {
  return fromWireId('individual', text, individualErrors.individual_not_found)
}

export const WireIndividual = Type.Object(
  {
    id: Id('The id of the individual', 'ind'),
    customer_id: Id('The corporate customer', 'cust'),
    role: Type.Enum([...individualRoles], { description: 'What the person is in the company' }),
    first_name: NullableText('First name', 'Jane'),
    last_name: NullableText('Last name', 'Smith'),
    email: NullableText('Email address', 'jane.smith@acmecorp.com'),
    phone: Type.Optional(Text('Phone number in E.164', '+14155550123')),
    ownership_percentage: Nullable(
      Type.Number({ description: 'Percent of the company, of owners', examples: [30] }),
    ),
    address: Nullable(WireAddress),
    created_at: Time('When the individual was added'),
  },
  named('CorporateIndividual'),
)

export const WireUpdatedIndividual = Type.Object(
  {
    id: Id('The id of the individual', 'ind'),
    updated_at: Time('When the individual last changed'),
  },
  named('UpdatedIndividual'),
)

export function toWireIndividual(
  individual: Individual,
  customerId: string,
): Static<typeof WireIndividual> {
  return {
    id: printId('individual', individual.id),
    customer_id: printId('customer', customerId),
    role: individual.role,
    first_name: individual.firstName,
    last_name: individual.lastName,
    email: individual.email,
    // The product's page shows none; a number that is known is not kept back.
    ...(individual.phone === null ? {} : { phone: individual.phone }),
    ownership_percentage: individual.ownershipPercentage,
    address: toWireAddress(individual.address, individual.country),
    created_at: toWireTime(individual.createdAt),
  }
}

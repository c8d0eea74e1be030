// Owns the proof that there is one record: what one surface creates, each other shows in its words.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from './harness.ts'
import { ana, type Expected, type SurfaceName, seenBySurfaces } from './seen-by-surfaces.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const seen = seenBySurfaces(() => server)
const { email, seller, address, streets, places, info, infoAsText, noName } = ana

describe('what is created', () => {
  test.each<[string, SurfaceName, object, Expected]>([
    [
      'a person in two parts',
      'orchestration',
      { email, first_name: 'Ana Maria', last_name: 'de Sosa' },
      {
        crypto: { name: 'Ana Maria de Sosa' },
        payouts: { name: 'Ana Maria de Sosa', type: 'individual' },
      },
    ],
    [
      'a person by the full name: never split',
      'crypto',
      { name: 'Ana Maria de Sosa' },
      {
        orchestration: { first_name: 'Ana Maria de Sosa', last_name: null, company_name: null },
        payouts: { name: 'Ana Maria de Sosa', type: 'individual' },
      },
    ],
    [
      'a person by the full name: never split',
      'payouts',
      { ...seller, name: 'Ana Maria de Sosa' },
      {
        orchestration: { first_name: 'Ana Maria de Sosa', last_name: null, company_name: null },
        crypto: { name: 'Ana Maria de Sosa' },
      },
    ],
    [
      'a business',
      'orchestration',
      { email, company_name: 'Sur SRL', first_name: 'Ana' },
      { crypto: { name: 'Sur SRL' }, payouts: { name: 'Sur SRL', type: 'business' } },
    ],
    [
      "a business by its company's document",
      'orchestration',
      { email, document_type: 'company_tax_id' },
      { crypto: { name: null }, payouts: { name: '', type: 'business' } },
    ],
    [
      'a business',
      'payouts',
      { ...seller, type: 'business', name: 'Sur SRL' },
      { orchestration: { ...noName, company_name: 'Sur SRL' }, crypto: { name: 'Sur SRL' } },
    ],
    [
      'nothing but an id',
      'crypto',
      {},
      {
        orchestration: { ...noName, email: null, country_code: null, additional_info: null },
        payouts: { name: '', email: null, country: null, type: 'individual', metadata: {} },
      },
    ],
    [
      'an e-mail without a name',
      'crypto',
      { email: 'Ana@Example.com' },
      {
        orchestration: { ...noName, email: 'Ana@Example.com' },
        payouts: { name: '', email: 'Ana@Example.com' },
      },
    ],
    [
      'an e-mail without a name',
      'orchestration',
      { email },
      { crypto: { name: null, email }, payouts: { name: '', email } },
    ],
    [
      'a name without an e-mail',
      'payouts',
      seller,
      { orchestration: { email: null, first_name: 'Ana Sosa' }, crypto: { email: null } },
    ],
    [
      'a country by its code',
      'crypto',
      { country: 'BR' },
      { orchestration: { country_code: 'BR' }, payouts: { country: 'BR' } },
    ],
    [
      'a country by its code',
      'orchestration',
      { email, country_code: 'br' },
      { crypto: { country: 'BR' }, payouts: { country: 'BR' } },
    ],
    [
      'a country by its code',
      'payouts',
      seller,
      { orchestration: { country_code: 'AR' }, crypto: { country: 'AR' } },
    ],
    ...['USA', 'usa', 'United States', 'us'].map(
      (country): [string, SurfaceName, object, Expected] => [
        `a country as "${country}"`,
        'crypto',
        { country },
        { crypto: { country }, orchestration: { country_code: 'US' }, payouts: { country: 'US' } },
      ],
    ),
    [
      'a country that no list has',
      'crypto',
      { country: 'Narnia' },
      {
        crypto: { country: 'Narnia' },
        orchestration: { country_code: null },
        payouts: { country: null },
      },
    ],
    [
      'an address in a line',
      'crypto',
      address,
      {
        crypto: address,
        orchestration: {
          street_name: 'Rua 7, 12',
          house_number: null,
          street_number: null,
          neighborhood: null,
          subdivision: null,
          city: 'Santos',
          state: 'SP',
          postal_code: '11000-000',
        },
      },
    ],
    [
      'an address in parts',
      'orchestration',
      { email, ...streets, ...places },
      { crypto: { ...address, address: 'Rua das Gaivotas 12' } },
    ],
    [
      'a state by its code',
      'orchestration',
      { email, subdivision: 'BR-SP' },
      { crypto: { address: null, city: null, state: 'BR-SP', postalCode: null } },
    ],
    [
      'metadata of any JSON',
      'crypto',
      { metadata: info },
      { orchestration: { additional_info: info }, payouts: { metadata: infoAsText } },
    ],
    [
      'metadata of any JSON',
      'orchestration',
      { email, additional_info: info },
      { crypto: { metadata: info }, payouts: { metadata: infoAsText } },
    ],
    [
      'metadata of texts',
      'payouts',
      { ...seller, metadata: { internalUserId: 'USR-1' } },
      {
        orchestration: { additional_info: { internalUserId: 'USR-1' } },
        crypto: { metadata: { internalUserId: 'USR-1' } },
      },
    ],
    [
      'no metadata',
      'payouts',
      seller,
      { orchestration: { additional_info: null }, crypto: { metadata: {} } },
    ],
  ])('%s, on %s', async (_what, from, body, expected) => {
    const uuid = await seen.create(from, body)
    await seen.expectShown(uuid, expected)
    expect(await seen.eventsOf(uuid)).toEqual(['customer.created'])
  })

  test('is on every surface the one of the same moment, under its own spelling of the id', async () => {
    for (const from of ['orchestration', 'crypto', 'payouts'] as const) {
      const body = { orchestration: { email }, crypto: { email }, payouts: seller }[from]
      const uuid = await seen.create(from, body)
      const { created_at, updated_at } = await seen.read('orchestration', uuid)
      const { createdAt, updatedAt } = await seen.read('crypto', uuid)
      expect([created_at, updated_at]).toEqual([createdAt, updatedAt])
      const shown = await seen.read('payouts', uuid)
      expect(shown.createdAt).toBe(createdAt.replace(/\.\d{3}Z$/, 'Z'))
    }
  })
})

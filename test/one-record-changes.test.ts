// Owns the proof that there is one record: what one surface changes, each other shows in its words.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from './harness.ts'
import {
  ana,
  type Expected,
  type SurfaceName,
  seenBySurfaces,
  type UpdatingSurface,
} from './seen-by-surfaces.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const seen = seenBySurfaces(() => server)
const { email, person, seller, address, streets, places, cpf, phone, info, noName } = ana

describe('what is changed', () => {
  test.each<[string, [SurfaceName, object], [UpdatingSurface, object], Expected]>([
    [
      'another name clears the parts',
      ['orchestration', person],
      ['crypto', { name: 'Ana Paz' }],
      { orchestration: { first_name: 'Ana Paz', last_name: null }, payouts: { name: 'Ana Paz' } },
    ],
    [
      'a part of a name joins what is shown of it',
      ['crypto', { name: 'Ana Maria' }],
      ['orchestration', { last_name: 'Paz' }],
      { crypto: { name: 'Ana Maria Paz' }, payouts: { name: 'Ana Maria Paz' } },
    ],
    [
      'a cleared name',
      ['payouts', seller],
      ['crypto', { name: null }],
      { orchestration: noName, payouts: { name: '', country: 'AR' } },
    ],
    [
      'a company',
      ['crypto', { name: 'Sur SRL' }],
      ['orchestration', { company_name: 'Sur SRL', first_name: null }],
      { crypto: { name: 'Sur SRL' }, payouts: { name: 'Sur SRL', type: 'business' } },
    ],
    [
      'an e-mail',
      ['payouts', { ...seller, email }],
      ['crypto', { email: 'new@example.com' }],
      { orchestration: { email: 'new@example.com' }, payouts: { email: 'new@example.com' } },
    ],
    [
      'an e-mail',
      ['crypto', { email }],
      ['orchestration', { email: 'new@example.com' }],
      { crypto: { email: 'new@example.com' }, payouts: { email: 'new@example.com' } },
    ],
    [
      'a cleared e-mail',
      ['orchestration', person],
      ['crypto', { email: null }],
      { orchestration: { email: null, first_name: 'Ana' }, payouts: { email: null } },
    ],
    [
      'a country in words',
      ['payouts', seller],
      ['crypto', { country: 'Brazil' }],
      {
        crypto: { country: 'Brazil' },
        orchestration: { country_code: 'BR' },
        payouts: { country: 'BR' },
      },
    ],
    [
      'another code puts the words away',
      ['crypto', { country: 'Brazil' }],
      ['orchestration', { country_code: 'AR' }],
      { crypto: { country: 'AR' }, payouts: { country: 'AR' } },
    ],
    [
      'a cleared country',
      ['crypto', { country: 'USA' }],
      ['orchestration', { country_code: null }],
      { crypto: { country: null }, payouts: { country: null } },
    ],
    [
      'a line in place of a street in parts; what is beside it stays',
      ['orchestration', { email, ...streets, ...places }],
      ['crypto', { address: 'Avenida 1', city: 'Rio' }],
      {
        crypto: { address: 'Avenida 1', city: 'Rio', state: 'SP', postalCode: '11000-000' },
        orchestration: { ...places, street_name: 'Avenida 1', house_number: null, city: 'Rio' },
      },
    ],
    [
      'a part beside a line',
      ['crypto', address],
      ['orchestration', { house_number: '14', neighborhood: 'Centro' }],
      {
        crypto: { ...address, address: 'Rua 7, 12 14' },
        orchestration: { street_name: 'Rua 7, 12', house_number: '14', neighborhood: 'Centro' },
      },
    ],
    [
      'a cleared city',
      ['crypto', { city: 'Santos' }],
      ['orchestration', { city: null }],
      { crypto: { address: null, city: null, state: null, postalCode: null } },
    ],
    [
      'a state in place of its code',
      ['orchestration', { email, subdivision: 'BR-SP' }],
      ['crypto', { state: 'RJ' }],
      { crypto: { state: 'RJ' }, orchestration: { state: 'RJ', subdivision: null } },
    ],
    [
      'metadata, whole',
      ['payouts', { ...seller, metadata: { a: '1', b: '2' } }],
      ['crypto', { metadata: { c: 3 } }],
      { orchestration: { additional_info: { c: 3 } }, payouts: { metadata: { c: '3' } } },
    ],
    [
      'metadata, whole',
      ['crypto', { metadata: { a: 1 } }],
      ['orchestration', { additional_info: null }],
      { crypto: { metadata: {} }, payouts: { metadata: {} } },
    ],
  ])('%s: %j, then %j', async (_what, [from, body], [by, change], expected) => {
    const uuid = await seen.create(from, body)
    await seen.update(by, uuid, change)
    await seen.expectShown(uuid, expected)
    expect(await seen.eventsOf(uuid)).toEqual(['customer.created', 'customer.updated'])
  })

  test('what only one surface knows stays, whatever the other writes', async () => {
    const known = { ...person, ...cpf, ...phone, dob: '1990-12-31', gender: 'female' }
    const uuid = await seen.create('orchestration', known)
    await seen.update('crypto', uuid, {
      externalId: 'USR-1',
      ...address,
      country: 'USA',
      metadata: info,
    })
    await seen.update('crypto', uuid, { email: null })
    const { first_name, last_name, ...rest } = known
    const kept = { ...rest, email: null, country_code: 'US' }
    await seen.expectShown(uuid, {
      orchestration: { first_name, last_name, ...kept },
      crypto: { externalId: 'USR-1', name: 'Ana Sosa' },
      payouts: { name: 'Ana Sosa', email: null, country: 'US' },
    })
    const { country_code, ...others } = known
    await seen.update('orchestration', uuid, { ...others, city: 'Rio' })
    await seen.expectShown(uuid, {
      crypto: { externalId: 'USR-1', country: 'USA', city: 'Rio', metadata: info, email },
    })
  })

  test('what a surface shows can be sent back to it: nothing changes', async () => {
    const made: [SurfaceName, object][] = [
      [
        'orchestration',
        { ...person, ...cpf, ...phone, ...streets, ...places, subdivision: 'BR-RJ' },
      ],
      ['crypto', { ...address, name: 'Ana Paz', country: 'Brazil', metadata: info }],
      ['payouts', { ...seller, email, metadata: { a: '1' } }],
    ]
    for (const [from, body] of made) {
      const uuid = await seen.create(from, body)
      for (const by of ['crypto', 'orchestration'] as const) {
        await seen.update(by, uuid, settable(by, await seen.read(by, uuid)))
      }
      expect([from, await seen.eventsOf(uuid)]).toEqual([from, ['customer.created']])
    }
  })
})

const shownOnly = {
  crypto: ['id', 'createdAt', 'updatedAt', 'wallets', 'app', 'paymentIntents', 'invoices'],
  orchestration: [
    'id',
    'customer_id',
    'status',
    'synced',
    'synced_at',
    'roles',
    'created_at',
    'updated_at',
  ],
}

/** What a surface shows, without what it takes from nobody. */
function settable(name: keyof typeof shownOnly, shown: object): object {
  const entries = Object.entries(shown).filter(([field]) => !shownOnly[name].includes(field))
  return Object.fromEntries(entries)
}

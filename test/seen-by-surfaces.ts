// Owns one record seen through every surface: made on one, changed on another, read on each.
import { expect } from 'vitest'
import { parseId, printId } from '../server/src/lib/id.ts'
import type { Answer, TestServer } from './harness.ts'
import { historyOf } from './history.ts'

type Shown = Answer['json']

const wires = {
  orchestration: {
    path: '/orchestration/api/v1/customers',
    print: (uuid: string) => printId('customer', uuid, 'cus'),
    idOf: (shown: Shown) => shown.id,
    unwrap: (json: Shown) => json.data,
    entries: (json: Shown): Shown[] => json.data.customer_list,
  },
  crypto: {
    path: '/crypto/customers',
    print: (uuid: string) => uuid,
    idOf: (shown: Shown) => shown.id,
    unwrap: (json: Shown) => json.data,
    entries: (json: Shown): Shown[] => json.data,
  },
  payouts: {
    path: '/payouts/customers',
    print: (uuid: string) => printId('customer', uuid),
    idOf: (shown: Shown) => shown.customerId,
    unwrap: (json: Shown) => json,
    entries: (json: Shown): Shown[] => json,
  },
}
export type SurfaceName = keyof typeof wires
export type UpdatingSurface = 'orchestration' | 'crypto'
/** What each surface shows of a record, as far as it matters. */
export type Expected = Partial<Record<SurfaceName, object>>

export interface SeenBySurfaces {
  /** Creates a customer and answers its UUID. */
  create(name: SurfaceName, body: object): Promise<string>
  update(name: UpdatingSurface, uuid: string, body: object): Promise<void>
  /** As read by the surface's own spelling of the id; the newest entry of its list is the same. */
  read(name: SurfaceName, uuid: string): Promise<Shown>
  expectShown(uuid: string, expected: Expected): Promise<void>
  /** The types of its events, oldest first. */
  eventsOf(uuid: string): Promise<string[]>
}

export function seenBySurfaces(server: () => TestServer): SeenBySurfaces {
  const call = async (method: string, path: string, body?: unknown) => {
    // A bearer goes along anyway: each surface reads the header that is its own.
    const headers = { 'x-api-key': server().key }
    const options = body === undefined ? { headers } : { headers, body }
    const answer = await server().call(method, path, options)
    if (answer.status < 300) return answer
    throw new Error(`${method} ${path} answered ${answer.status}: ${answer.text}`)
  }
  const read = async (name: SurfaceName, uuid: string) => {
    const { path, print, idOf, unwrap, entries } = wires[name]
    const shown = unwrap((await call('GET', `${path}/${print(uuid)}`)).json)
    const [newest] = entries((await call('GET', path)).json)
    expect(idOf(shown)).toBe(print(uuid))
    const { app, paymentIntents, invoices, ...fields } = shown
    expect(newest).toMatchObject(fields)
    return shown
  }
  return {
    async create(name, body) {
      const { path, unwrap, idOf } = wires[name]
      const shown = unwrap((await call('POST', path, body)).json)
      const uuid = parseId('customer', idOf(shown))
      if (uuid === null) throw new Error(`${name} answered no id`)
      return uuid
    },
    async update(name, uuid, body) {
      const { path, print } = wires[name]
      await call('PUT', `${path}/${print(uuid)}`, body)
    },
    read,
    async expectShown(uuid, expected) {
      for (const [name, fields] of Object.entries(expected) as [SurfaceName, object][]) {
        expect({ name, shown: await read(name, uuid) }).toMatchObject({ name, shown: fields })
      }
    },
    eventsOf: async (uuid) => {
      const history = await historyOf(server().contextOf(server().testApp), uuid)
      return history.map(({ type }) => type)
    },
  }
}

const email = 'ana@example.com'

/** The fields of one customer in the words of a surface each. */
export const ana = {
  email,
  person: { email, first_name: 'Ana', last_name: 'Sosa', country_code: 'AR' },
  seller: { type: 'individual', name: 'Ana Sosa', country: 'AR' },
  address: { address: 'Rua 7, 12', city: 'Santos', state: 'SP', postalCode: '11000-000' },
  streets: { street_name: 'Rua das Gaivotas', house_number: '12', city: 'Santos' },
  places: { state: 'SP', postal_code: '11000-000', neighborhood: 'Centro' },
  cpf: { document_type: 'cpf', document_number: '529.982.247-25' },
  phone: { phone_country_code: '1', phone_area_code: '415', phone_number: '5551234' },
  info: { plan: 'gold', level: 3, nested: { list: [1, null] } },
  infoAsText: { plan: 'gold', level: '3', nested: '{"list":[1,null]}' },
  noName: { first_name: null, last_name: null, company_name: null },
}

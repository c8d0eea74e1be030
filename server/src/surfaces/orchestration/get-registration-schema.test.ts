// Owns the outcomes of GET /api/v1/provider-registration/schema.
import { describe, expect, test } from 'vitest'
import { providerNames } from '../../core/provider.ts'
import { refusal, refusalOf, testCustomers, unset } from './test-customers.ts'

const customers = testCustomers()
const get = (query: string) => customers.call('GET', `/provider-registration/schema${query}`)

interface Role {
  target_role: string
  individual: { field: string }[]
  business: { field: string }[]
}

describe('200', () => {
  test('what each role needs, of a person and of a company', async () => {
    const answer = await get('?provider=stripe')
    expect(answer.status).toBe(200)
    const email = { field: 'email', description: expect.any(String) }
    const country = { field: 'country_code', description: expect.any(String) }
    expect(answer.json).toEqual({
      msg: 'Schema found',
      data: {
        provider: 'stripe',
        roles: [
          { target_role: 'customer', individual: [email], business: [email] },
          {
            target_role: 'connected_account',
            individual: [email, country],
            business: [email, country],
          },
        ],
      },
    })
  })

  test.each(providerNames)('%s: every field is one that can be set here', async (provider) => {
    const { data } = (await get(`?provider=${provider}`)).json
    expect(data.provider).toBe(provider)
    expect(data.roles.length).toBeGreaterThan(0)
    const settable = ['email', ...Object.keys(unset)]
    const needed = data.roles.flatMap(({ individual, business }: Role) =>
      [...individual, ...business].map(({ field }) => field),
    )
    for (const field of needed) {
      expect(field).toMatch(/^(?:provider_data\.)?[A-Za-z_.]+$/)
      if (!field.startsWith('provider_data.')) expect(settable).toContain(field)
    }
  })

  test.each(providerNames)(
    '%s: what is named here is what a registration misses',
    async (provider) => {
      const { data } = (await get(`?provider=${provider}`)).json
      for (const { target_role, individual } of data.roles as Role[]) {
        const { id } = await customers.saveCustomer({
          first_name: null,
          last_name: null,
          country_code: null,
        })
        const body = { provider, target_role }
        const answer = await customers.call('POST', `/provider-registration/${id}/submit`, { body })
        const named = individual.map(({ field }) => field).filter((field) => field !== 'email')
        expect(answer.json.data[0].readiness.missing).toEqual(named)
        expect(answer.json.data[0].status).toBe(named.length > 0 ? 'not_submitted' : 'submitted')
      }
    },
  )
})

describe('400', () => {
  test.each([
    ['', 'provider'],
    ['?provider=', 'provider'],
    ['?provider=paypal', 'provider'],
    ['?provider=STRIPE', 'provider'],
    ['?provider=stripe&target_role=customer', 'target_role'],
  ])('%j names %s', async (query, field) => {
    expect(refusalOf(await get(query))).toEqual(refusal(400, field))
  })
})

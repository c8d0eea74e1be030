// Owns the outcomes of POST /oauth2/token.
import { describe, expect, test } from 'vitest'
import { createKey, revokeKey } from '../../core/apps/app-service.ts'
import type { App } from '../../core/context.ts'
import { printId } from '../../lib/id.ts'
import { bankingScopes } from './grant-token.ts'
import { refusal, refusalOf, testBanking } from './test-banking.ts'

const banking = testBanking()

async function newCredentials(scopes = ['*'], app?: App) {
  const { system, testApp } = banking.server
  const { key, secret } = await createKey(system, { app: app ?? testApp, name: 'bank', scopes })
  return { key, id: printId('key', key.id), secret }
}

const basicOf = (id: string, secret: string) =>
  `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`

function grant({ id, secret }: { id: string; secret: string }, form: Record<string, string> = {}) {
  const body = new URLSearchParams({ grant_type: 'client_credentials', ...form }).toString()
  const type = 'application/x-www-form-urlencoded'
  const headers = { authorization: basicOf(id, secret), 'content-type': type }
  return banking.call('POST', '/oauth2/token', { key: null, headers, body })
}

const list = (key: string, path = '/v1/customers') => banking.call('GET', path, { key })

describe('200', () => {
  test('a token for what was asked for, for a quarter of an hour', async () => {
    const credentials = await newCredentials()
    const answer = await grant(credentials, { scope: bankingScopes.join(' ') })
    expect(answer.status).toBe(200)
    expect(answer.json).toEqual({
      access_token: expect.stringMatching(/^at_[\w-]+\.[\w-]{43}$/),
      token_type: 'Bearer',
      expires_in: 900,
      scope:
        'customers:read customers:write applications:read applications:write ' +
        'accounts:read accounts:write',
    })
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.text).not.toContain(credentials.secret)
  })

  test('the token opens what was granted, and nothing else, however much the key may', async () => {
    const credentials = await newCredentials()
    const { access_token, scope } = (await grant(credentials, { scope: 'accounts:read' })).json
    expect(scope).toBe('accounts:read')
    expect((await list(access_token, '/v1/accounts')).status).toBe(200)
    const refused = await list(access_token)
    expect(refusalOf(refused)).toEqual(refusal(403, 'FORBIDDEN'))
    expect(refused.json.error.message).toContain('customers:read')
    const { server } = banking
    const elsewhere = await server.call('GET', '/payouts/customers', { key: access_token })
    expect(elsewhere.status).toBe(403)
  })

  test('without a scope it is every one that the key has here', async () => {
    const of = async (scopes: string[]) => (await grant(await newCredentials(scopes))).json.scope
    expect(await of(['*'])).toBe(bankingScopes.join(' '))
    expect(await of(['banking:read'])).toBe('customers:read applications:read accounts:read')
    expect(await of(['accounts:write', 'payouts:read'])).toBe('accounts:write')
  })

  test('a scope that is named twice is granted once', async () => {
    const credentials = await newCredentials(['customers:read'])
    const answer = await grant(credentials, { scope: 'customers:read customers:read' })
    expect(answer.json.scope).toBe('customers:read')
  })

  test('JSON is taken too, and the plain UUID of the key', async () => {
    const { key, secret } = await newCredentials()
    const headers = { authorization: basicOf(key.id, secret) }
    const body = { grant_type: 'client_credentials', scope: 'customers:read' }
    const answer = await banking.call('POST', '/oauth2/token', { key: null, headers, body })
    expect([answer.status, answer.json.scope]).toEqual([200, 'customers:read'])
  })

  test('the secret itself is a bearer too', async () => {
    const { secret } = await newCredentials(['customers:read'])
    expect((await list(secret)).status).toBe(200)
  })

  test('the token is taken until its time is over, and not a moment longer', async () => {
    const credentials = await newCredentials()
    const { access_token } = (await grant(credentials)).json
    banking.server.clock.advance(890_000)
    expect((await list(access_token)).status).toBe(200)
    banking.server.clock.advance(10_000)
    expect(refusalOf(await list(access_token))).toEqual(refusal(401, 'UNAUTHORIZED'))
  })

  test('with its key revoked, the token opens nothing', async () => {
    const { key, ...credentials } = await newCredentials()
    const { access_token } = (await grant(credentials)).json
    expect((await list(access_token)).status).toBe(200)
    await revokeKey(banking.server.system, key)
    banking.server.clock.advance(1_000)
    expect(refusalOf(await list(access_token))).toEqual(refusal(401, 'UNAUTHORIZED'))
  })

  test('with a changed scope inside, it is no token', async () => {
    const { access_token } = (await grant(await newCredentials(), { scope: 'accounts:read' })).json
    const [payload = '', mac = ''] = access_token.slice('at_'.length).split('.')
    const content = Buffer.from(payload, 'base64url').toString('utf8')
    expect(content).toMatch(/ accounts:read$/)
    const wider = Buffer.from(content.replace('accounts', 'customers')).toString('base64url')
    expect((await list(`at_${wider}.${mac}`)).status).toBe(401)
    const whole = Buffer.from(content.replace(' accounts:read', '')).toString('base64url')
    expect((await list(`at_${whole}.${mac}`)).status).toBe(401)
  })

  test('the token is written nowhere: neither stored nor logged', async () => {
    const { id, secret } = await newCredentials()
    const { access_token } = (await grant({ id, secret })).json
    await list(access_token)
    const { system, logLines } = banking.server
    const keys = JSON.stringify(await system.db.selectFrom('keys').selectAll().execute())
    for (const hidden of [access_token, secret, basicOf(id, secret).slice(6)]) {
      expect(logLines.join('')).not.toContain(hidden)
      expect(keys).not.toContain(hidden)
    }
  })
})

describe('401', () => {
  test('a wrong id, a wrong secret and a token in place of a secret: one answer', async () => {
    const [one, other] = [await newCredentials(), await newCredentials()]
    const { access_token } = (await grant(one)).json
    const texts = new Set<string>()
    for (const wrong of [
      { id: other.id, secret: one.secret },
      { id: 'x', secret: one.secret },
      { id: '', secret: one.secret },
      { id: one.id, secret: other.secret },
      { id: one.id, secret: `${one.secret}:` },
      { id: one.id, secret: '' },
      { id: one.id, secret: access_token },
    ]) {
      const answer = await grant(wrong)
      expect(refusalOf(answer)).toEqual(refusal(401, 'UNAUTHORIZED'))
      texts.add(answer.text)
    }
    expect(texts.size).toBe(1)
  })

  test('a revoked key gets no token', async () => {
    const { key, ...credentials } = await newCredentials()
    await revokeKey(banking.server.system, key)
    expect(refusalOf(await grant(credentials))).toEqual(refusal(401, 'UNAUTHORIZED'))
  })

  test.each(['', 'Basic', 'Basic %%%', `Basic ${Buffer.from('no colon').toString('base64')}`])(
    'the header "%s" carries no key',
    async (authorization) => {
      const body = { grant_type: 'client_credentials' }
      const headers = { authorization }
      const answer = await banking.call('POST', '/oauth2/token', { key: null, headers, body })
      expect(refusalOf(answer)).toEqual(refusal(401, 'UNAUTHORIZED'))
      expect(answer.json.error.message).toContain('HTTP Basic')
    },
  )

  test('a bearer is no way to ask for a token', async () => {
    const body = { grant_type: 'client_credentials' }
    const answer = await banking.call('POST', '/oauth2/token', { body })
    expect(refusalOf(answer)).toEqual(refusal(401, 'UNAUTHORIZED'))
  })
})

describe('403', () => {
  test('a scope that the key does not have is named', async () => {
    const credentials = await newCredentials(['customers:read', 'accounts:read'])
    const answer = await grant(credentials, { scope: 'customers:read accounts:write' })
    expect(refusalOf(answer)).toEqual(refusal(403, 'FORBIDDEN'))
    expect(answer.json.error.message).toContain('accounts:write')
    expect(answer.json.error.message).not.toContain('customers:read')
  })

  test('a key with no scope of this surface gets no token', async () => {
    const answer = await grant(await newCredentials(['payouts:read', 'platform:write']))
    expect(refusalOf(answer)).toEqual(refusal(403, 'FORBIDDEN'))
  })
})

describe('400', () => {
  test.each<[string, Record<string, string>, string]>([
    ['an unknown scope', { scope: 'payouts:read' }, 'scope'],
    ['the scope of the whole surface', { scope: 'banking:read' }, 'scope'],
    ['every scope', { scope: '*' }, 'scope'],
    ['a known scope beside an unknown one', { scope: 'customers:read x' }, 'scope'],
    ['two spaces', { scope: 'customers:read  customers:write' }, 'scope'],
    ['an empty scope', { scope: '' }, 'scope'],
    ['another grant type', { grant_type: 'password' }, 'grant_type'],
    ['an unknown member', { audience: 'x' }, 'audience'],
  ])('%s', async (_name, form, field) => {
    const answer = await grant(await newCredentials(), form)
    expect(refusalOf(answer)).toEqual(refusal(400, 'INVALID_REQUEST', field))
  })

  test.each([
    ['scope=a&scope=b', 'scope'],
    ['grant_type=client_credentials&grant_type=client_credentials', 'grant_type'],
    ['', 'body'],
  ])('the form "%s" is refused by the name %s', async (body, field) => {
    const { id, secret } = await newCredentials()
    const type = 'application/x-www-form-urlencoded'
    const headers = { authorization: basicOf(id, secret), 'content-type': type }
    const answer = await banking.call('POST', '/oauth2/token', { key: null, headers, body })
    expect(refusalOf(answer)).toEqual(refusal(400, 'INVALID_REQUEST', field))
  })
})

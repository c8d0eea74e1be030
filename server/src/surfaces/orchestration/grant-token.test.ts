// Owns the outcomes of POST /api/v1/merchant/token/grant.
import { describe, expect, test } from 'vitest'
import { createKey, everyScope, revokeKey } from '../../core/apps/app-service.ts'
import type { App } from '../../core/context.ts'
import { printId } from '../../lib/id.ts'
import { newCustomer, refusal, refusalOf, testCustomers } from './test-customers.ts'

const customers = testCustomers()
const grantPath = '/merchant/token/grant'
const grant = (body: unknown) => customers.call('POST', grantPath, { key: null, body })
const list = (key: string) => customers.call('GET', '/customers', { key })

async function newCredentials(app?: App, scopes = [everyScope]) {
  const { system, testApp } = customers.server
  const { key, secret } = await createKey(system, { app: app ?? testApp, name: 'oak', scopes })
  const client_id = printId('key', key.id)
  return { key, body: { client_id, client_secret: secret, grant_type: 'client_credentials' } }
}

describe('200', () => {
  test('a token without an envelope, for an hour', async () => {
    const { body } = await newCredentials()
    const answer = await grant(body)
    expect(answer.status).toBe(200)
    expect(answer.json).toEqual({
      access_token: expect.stringMatching(/^at_[\w-]+\.[\w-]{43}$/),
      token_type: 'Bearer',
      expires_in: 3_600,
    })
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.text).not.toContain(body.client_secret)
  })

  test('the token opens what the key opens: the same app, the same scopes', async () => {
    const { body } = await newCredentials(undefined, ['orchestration:read'])
    const { access_token } = (await grant(body)).json
    const { id } = await customers.saveCustomer()
    const read = await customers.call('GET', `/customers/${id}`, { key: access_token })
    expect([read.status, read.json.data.id]).toEqual([200, id])
    const options = { key: access_token, body: newCustomer }
    const write = await customers.call('POST', '/customers', options)
    expect(refusalOf(write)).toEqual(refusal(403))
    const { liveApp } = customers.server
    const live = (await grant((await newCredentials(liveApp)).body)).json.access_token
    const foreign = await customers.call('GET', `/customers/${id}`, { key: live })
    expect(foreign.status).toBe(404)
  })

  test('what a token does is in the history as done by its key', async () => {
    const { key, body } = await newCredentials()
    const { access_token } = (await grant(body)).json
    const { id } = await customers.saveCustomer({}, access_token)
    const [event] = await customers.eventsOf(id)
    expect(event?.actor).toBe(`key:${key.id}`)
  })

  test('it is taken until its time is over, and not a moment longer', async () => {
    const { body } = await newCredentials()
    const { access_token } = (await grant(body)).json
    customers.server.clock.advance(3_590_000)
    expect((await list(access_token)).status).toBe(200)
    customers.server.clock.advance(10_000)
    expect(refusalOf(await list(access_token))).toEqual(refusal(401))
    expect((await list((await grant(body)).json.access_token)).status).toBe(200)
  })

  test('the plain UUID of the key is its id too; other headers do not matter', async () => {
    const { key, body } = await newCredentials()
    const headers = { 'oak-version': '2025-01-01', authorization: 'Bearer nothing' }
    const sent = { ...body, client_id: key.id }
    const answer = await customers.call('POST', grantPath, { key: null, body: sent, headers })
    expect(answer.status).toBe(200)
  })

  test('the token is written nowhere: neither stored nor logged', async () => {
    const { body } = await newCredentials()
    const { access_token } = (await grant(body)).json
    await list(access_token)
    const { system, logLines } = customers.server
    const keys = JSON.stringify(await system.db.selectFrom('keys').selectAll().execute())
    for (const secret of [access_token, body.client_secret]) {
      expect(logLines.join('')).not.toContain(secret)
      expect(keys).not.toContain(secret)
    }
  })
})

describe('401', () => {
  const wrong = {
    msg:
      'The id or the secret is wrong. ' +
      'Check that it is whole and was made on this installation, or make a new one.',
    data: null,
  }

  test('a wrong id with a right secret, and a right id with a wrong secret: one answer', async () => {
    const [one, other] = [await newCredentials(), await newCredentials()]
    const { liveApp } = customers.server
    const live = await newCredentials(liveApp)
    for (const body of [
      { ...one.body, client_id: other.body.client_id },
      { ...one.body, client_id: live.body.client_id },
      { ...one.body, client_id: 'key_01h455vb4pex5vsknk084sn02q' },
      { ...one.body, client_id: 'x' },
      { ...one.body, client_secret: other.body.client_secret },
      { ...one.body, client_secret: `${one.body.client_secret}x` },
      { ...one.body, client_secret: 'x' },
    ]) {
      const answer = await grant(body)
      expect([answer.status, answer.json]).toEqual([401, wrong])
    }
  })

  test('a token cannot be traded for a token: it would never end', async () => {
    const { body } = await newCredentials()
    const { access_token } = (await grant(body)).json
    const answer = await grant({ ...body, client_secret: access_token })
    expect([answer.status, answer.json]).toEqual([401, wrong])
  })

  test('a revoked key gets no token', async () => {
    const { key, body } = await newCredentials()
    await revokeKey(customers.server.system, key)
    const answer = await grant(body)
    expect([answer.status, answer.json]).toEqual([401, wrong])
  })
})

describe('400', () => {
  test.each<[string, (body: object) => unknown, string]>([
    ['no id', (body) => ({ ...body, client_id: undefined }), 'client_id'],
    ['no secret', (body) => ({ ...body, client_secret: undefined }), 'client_secret'],
    ['an empty secret', (body) => ({ ...body, client_secret: '' }), 'client_secret'],
    ['no grant type', (body) => ({ ...body, grant_type: undefined }), 'grant_type'],
    ['another grant type', (body) => ({ ...body, grant_type: 'password' }), 'grant_type'],
    ['an unknown member', (body) => ({ ...body, scope: '*' }), 'scope'],
    ['no body', () => undefined, 'body'],
  ])('%s', async (_name, change, field) => {
    const { body } = await newCredentials()
    expect(refusalOf(await grant(change(body)))).toEqual(refusal(400, field))
  })
})

// Owns the rule that every text which the platform surface answers was judged: personal or not.
import { expect, test } from 'vitest'
import { type JsonSchema, mapValueOf, toJsonSchema } from '../../server/src/http/json-schema.ts'
import { maskOf } from '../../server/src/http/mask.ts'
import { clearChanges } from '../../server/src/surfaces/platform/clear-changes.ts'
import { platformSurface } from '../../server/src/surfaces/platform/surface.ts'

/** Names of members that hold nothing personal, wherever they stand; `[]` is an entry of a list. */
const clear = new Set([
  ...['id', 'app_id', 'merchant_id', 'customer_id', 'bank_account_id', 'individual_id'],
  ...['event_id', 'payout_id', 'object_id', 'provider_customer_id', 'default_bank_account_id'],
  // Your own reference: the guide says that it is shown.
  'external_id',
  ...['at', 'as_of', 'checked_at', 'created_at', 'updated_at', 'synced_at', 'stated_at'],
  ...['pushed_at', 'last_payout_at', 'ownership_verified_at', 'authorized_until', 'completed_at'],
  ...['submitted_at', 'decided_at', 'uploaded_at', 'terms_accepted_at', 'expires_at'],
  ...['last_used_at', 'revoked_at', 'previous_secret_expires_at', 'failing_since'],
  ...['next_attempt_at', 'last_attempt_at', 'delivered_at', 'next_cursor'],
  ...['type', 'rail', 'account_type', 'file_type', 'content_type', 'role', 'roles[]', 'status'],
  ...['country', 'currency', 'account_currency', 'account_number_last4', 'last4'],
  ...['hash', 'previous_hash', 'changes_hash', 'sha256'],
  // Who acts for the merchant: a key, and the name of its operator.
  ...['actor', 'decided_by'],
  // Fields by their names, and our own words for what is wrong.
  ...['missing[]', 'fields[]', 'field', 'action_required', 'code', 'detail', 'message', 'problem'],
  ...['what', 'call', 'description'],
  // Of connections, keys and endpoints, which are the merchant's.
  ...['base_url', 'credentials[]', 'webhook_path', 'scopes[]', 'secret', 'url', 'events[]'],
  ...['disabled_reason', 'to'],
])

/** Whose own names and reasons these are. */
const clearOf: Record<string, ReadonlySet<string>> = {
  App: new Set(['name']),
  Key: new Set(['name']),
  KeyWithSecret: new Set(['name']),
  StatusMachine: new Set(['name']),
  Delivery: new Set(['reason']),
}

/** `Title name` of each text that is neither marked nor judged. */
function unjudged(schema: JsonSchema, owner = '', name = ''): string[] {
  if (schema['x-personal']) return []
  const title = schema.title ?? owner
  const parts = (schema.anyOf ?? []).flatMap((part) => unjudged(part, title, name))
  const entry = schema.items ? unjudged(schema.items, title, `${name}[]`) : []
  const value = mapValueOf(schema)
  const values = value ? unjudged(value, title, `${name}{}`) : []
  const members = Object.entries(schema.properties ?? {})
  const inside = members.flatMap(([member, of]) => unjudged(of, title, member))
  const isText = !schema.enum && (schema.type === 'string' || !(schema.type || schema.anyOf))
  const isJudged = clear.has(name) || clearOf[title]?.has(name)
  const own = isText && !isJudged ? [`${title} ${name}`] : []
  return [...own, ...parts, ...entry, ...values, ...inside]
}

const answers = platformSurface.operations.filter(({ returns }) => !returns.contentType)

test.each(answers)('$id: each text is marked as personal, or stands in the list', ({ returns }) => {
  expect(unjudged(toJsonSchema(returns.schema))).toEqual([])
})

test.each(answers)('$id: what is marked can be masked', ({ returns }) => {
  expect(() => maskOf(toJsonSchema(returns.schema))).not.toThrow()
})

test('the list names nothing that no answer has', () => {
  const named = JSON.stringify(answers.map(({ returns }) => toJsonSchema(returns.schema)))
  const names = [...clear].map((name) => name.replace('[]', ''))
  expect(names.filter((name) => !named.includes(`"${name}":`))).toEqual([])
})

test('a text that nobody judged is found, in whatever it stands', () => {
  const text = { type: 'string' }
  const schema: JsonSchema = {
    title: 'Fresh',
    type: 'object',
    properties: {
      id: text,
      nickname: text,
      known: { ...text, 'x-personal': 'hidden' },
      later: { anyOf: [text, { type: 'null' }] },
      tags: { type: 'array', items: text },
      open: {},
      map: { type: 'object', patternProperties: { '^.*$': text } },
      state: { type: 'string', enum: ['on'] },
    },
  }
  expect(unjudged(schema)).toEqual([
    ...['Fresh nickname', 'Fresh later', 'Fresh tags[]', 'Fresh open', 'Fresh map{}'],
  ])
})

test('no clear change is a free one, nor below one', () => {
  const free = /metadata|providerData|facts|background|address|reason|note|name|email|phone|taxId/i
  expect(clearChanges.filter((path) => free.test(path))).toEqual([])
  expect(clearChanges.filter((path) => /number$|hash$|url$/i.test(path))).toEqual([
    'invoice.number',
  ])
  expect(new Set(clearChanges).size).toBe(clearChanges.length)
})

// Owns GET /v1/keys.
import Type from 'typebox'
import { keyErrors } from '../../core/apps/app.ts'
import { pageKeys, requireKeyCursor } from '../../core/apps/key-service.ts'
import { defineOperation } from '../../http/operation.ts'
import { parseId, printId } from '../../lib/id.ts'
import { closed, Page } from './wire.ts'
import { toWireKey, WireKey } from './wire-key.ts'

const limits = { default: 50, max: 200 }

export const listKeys = defineOperation({
  id: 'listKeys',
  method: 'GET',
  path: '/keys',
  tag: 'Apps and keys',
  summary: 'List the keys of the app',
  description: 'Newest first, with those that have ended. No secret is ever shown again.',
  scope: 'platform:read',
  query: Type.Object(
    {
      limit: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: limits.max,
          default: limits.default,
          description: 'How many entries a page has',
        }),
      ),
      cursor: Type.Optional(
        Type.String({ maxLength: 200, description: '`next_cursor` of the page before' }),
      ),
    },
    closed,
  ),
  returns: { status: 200, description: 'A page of keys', schema: Page(WireKey) },
  errors: [keyErrors.key_cursor_unknown],
  async handle(context, { query }) {
    const { limit = limits.default, cursor } = query
    const beforeId =
      cursor === undefined ? null : await requireKeyCursor(context, parseId('key', cursor))
    // One more than is shown says whether another page follows.
    const found = await pageKeys(context, { limit: limit + 1, beforeId })
    const shown = found.slice(0, limit)
    const last = shown.at(-1)
    const has_more = found.length > limit
    const next_cursor = has_more && last ? printId('key', last.id) : null
    return { data: shown.map(toWireKey), has_more, next_cursor }
  },
})

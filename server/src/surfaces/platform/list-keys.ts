// Owns GET /v1/keys.
import Type from 'typebox'
import { keyErrors } from '../../core/apps/app.ts'
import { pageKeys, requireKeyCursor } from '../../core/apps/key-service.ts'
import { defineOperation } from '../../http/operation.ts'
import { parseId, printId } from '../../lib/id.ts'
import { pageQuery, toWirePage } from './paging.ts'
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
  query: Type.Object(pageQuery(limits), closed),
  returns: { status: 200, description: 'A page of keys', schema: Page(WireKey) },
  errors: [keyErrors.key_cursor_unknown],
  async handle(context, { query }) {
    const { limit = limits.default, cursor } = query
    const beforeId =
      cursor === undefined ? null : await requireKeyCursor(context, parseId('key', cursor))
    const found = await pageKeys(context, { limit: limit + 1, beforeId })
    return toWirePage(found, limit, { show: toWireKey, cursorOf: ({ id }) => printId('key', id) })
  },
})

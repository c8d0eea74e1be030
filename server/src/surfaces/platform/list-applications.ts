// Owns GET /v1/applications.
import Type from 'typebox'
import { applicationErrors } from '../../core/applications/application.ts'
import {
  listApplications as list,
  requireApplicationCursor,
} from '../../core/applications/application-service.ts'
import { defineOperation } from '../../http/operation.ts'
import { parseId, printId } from '../../lib/id.ts'
import { pageQuery, toWirePage } from './paging.ts'
import { closed, Page } from './wire.ts'
import {
  ApplicationStatus,
  Kind,
  toWireListedApplication,
  WireListedApplication,
} from './wire-application.ts'

const limits = { default: 50, max: 200 }

export const listApplications = defineOperation({
  id: 'listApplications',
  method: 'GET',
  path: '/applications',
  tag: 'Applications',
  summary: 'List applications',
  description: 'Newest first. What waits for a decision: `?status=SUBMITTED`.',
  scope: 'platform:read',
  query: Type.Object(
    {
      status: Type.Optional(ApplicationStatus),
      kind: Type.Optional(Kind),
      ...pageQuery(limits),
    },
    closed,
  ),
  returns: {
    status: 200,
    description: 'A page of applications',
    schema: Page(WireListedApplication),
  },
  errors: [applicationErrors.application_cursor_unknown],
  async handle(context, { query }) {
    const { limit = limits.default, cursor, status = null, kind = null } = query
    const beforeId =
      cursor === undefined
        ? null
        : await requireApplicationCursor(context, parseId('application', cursor))
    const found = await list(context, { status, kind, beforeId, limit: limit + 1 })
    return toWirePage(found, limit, {
      show: toWireListedApplication,
      cursorOf: ({ id }) => printId('application', id),
    })
  },
})

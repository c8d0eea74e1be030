// Owns GET /v1/applications.
import Type from 'typebox'
import * as applications from '../../core/applications/application-service.ts'
import { defineOperation } from '../../http/operation.ts'
import {
  closed,
  fromWireKind,
  fromWirePage,
  Page,
  pageErrors,
  pageQuery,
  toWirePage,
  WireType,
} from './wire.ts'
import {
  toWireListedApplication,
  WireApplicationStatus,
  WireListedApplication,
} from './wire-application.ts'

export const listApplications = defineOperation({
  id: 'listApplications',
  method: 'GET',
  path: '/v1/applications',
  tag: 'Applications',
  summary: 'List applications',
  description: 'Newest first.',
  scope: 'applications:read',
  query: Type.Object(
    {
      status: Type.Optional(WireApplicationStatus),
      type: Type.Optional(WireType),
      ...pageQuery,
    },
    closed,
  ),
  returns: {
    status: 200,
    description: 'A page of applications',
    schema: Page(WireListedApplication),
  },
  errors: [pageErrors.cursor_unknown],
  async handle(context, { query }) {
    const kind = query.type === undefined ? null : fromWireKind(query.type)
    const page = fromWirePage(context, 'application', query)
    const filter = { kind, status: query.status ?? null, ...page }
    const found = await applications.listApplications(context, filter)
    return toWirePage(context, 'application', query, found, toWireListedApplication)
  },
})

// Owns GET /v1/apps.
import { listAppsFor } from '../../core/apps/app-service.ts'
import { defineOperation } from '../../http/operation.ts'
import { onePage, Page } from './wire.ts'
import { toWireApp, WireApp } from './wire-key.ts'

export const listApps = defineOperation({
  id: 'listApps',
  method: 'GET',
  path: '/apps',
  tag: 'Apps and keys',
  summary: 'List the apps that the key sees',
  description:
    "An operator key sees its merchant's apps, and names the one it means in `Clientele-App`; " +
    'one of a test app sees those in test mode. Any other key sees its own app.',
  scope: 'platform:read',
  returns: { status: 200, description: 'The apps', schema: Page(WireApp) },
  errors: [],
  async handle(context) {
    const { app, key } = context
    const apps = key ? await listAppsFor(context, { app, key }) : [app]
    return onePage(apps.map(toWireApp))
  },
})

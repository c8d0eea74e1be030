// Owns `apps list`.
import { listApps } from '../core/apps/app-service.ts'
import { printId } from '../lib/id.ts'
import { defineCommand } from './command.ts'
import { renderTable, toTime } from './terminal.ts'

interface AppsResult {
  apps: { id: string; mode: string; name: string; merchantId: string; createdAt: string }[]
}

export const appsList = defineCommand<AppsResult>({
  name: 'apps list',
  summary: 'list the apps and their ids',
  async run(host) {
    const apps = await listApps(await host.openSystem())
    return {
      apps: apps.map((app) => ({
        id: printId('app', app.id),
        mode: app.mode,
        name: app.name,
        merchantId: printId('merchant', app.merchantId),
        createdAt: toTime(app.createdAt),
      })),
    }
  },
  render: ({ apps }) =>
    renderTable([
      ['APP', 'MODE', 'NAME', 'MADE'],
      ...apps.map(({ id, mode, name, createdAt }) => [id, mode, name, createdAt]),
    ]),
})

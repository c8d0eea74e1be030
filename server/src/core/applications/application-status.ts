// Owns telling how an application stands: its status, and all that is still missing, at once.
import type { Context } from '../context.ts'
import {
  type ApplicationDocument,
  type ApplicationStatus,
  applicationMachine,
} from './application.ts'
import { readFolder } from './application-change.ts'
import { type ApplicationGap, type FieldGap, findMissing } from './missing.ts'

export interface ApplicationStanding {
  status: ApplicationStatus
  gaps: ApplicationGap[]
  fields: FieldGap[]
  /** All of them: those that are there, and those that are not. */
  documents: ApplicationDocument[]
}

/** Error: `application_not_found`. */
export async function getApplicationStanding(
  context: Context,
  id: string,
): Promise<ApplicationStanding> {
  const folder = await readFolder(context, id)
  const { status } = folder.application
  // Nothing can be added to what is over, so nothing is missing there.
  const isOver = applicationMachine.movesFrom(status).length === 0
  const { gaps, fields } = findMissing(folder, context.clock.now())
  return {
    status,
    gaps: isOver ? [] : gaps,
    fields: isOver ? [] : fields,
    documents: folder.documents,
  }
}

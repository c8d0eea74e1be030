// Owns the kinds of job that registrations need: what each runs, and what the last failure does.

import { connectionErrors } from '../connections/connection.ts'
import type { Context } from '../context.ts'
import { AppError } from '../errors.ts'
import { deliverFile, giveUpDelivery } from './file-delivery.ts'
import { applyNotice } from './notice-service.ts'
import { type Progress, registrationJobs } from './registration.ts'
import { giveUpSubmitting, pollProvider, submitToProvider } from './registration-work.ts'
import { giveUpSync, pushSync } from './sync-service.ts'

export interface RegistrationJob {
  run(context: Context, subjectId: string): Promise<Progress>
  /** The last try failed. */
  giveUp?(context: Context, subjectId: string, reason: string): Promise<void>
}

export const registrationWork: Record<string, RegistrationJob> = {
  [registrationJobs.submit]: { run: submitToProvider, giveUp: giveUpSubmitting },
  [registrationJobs.poll]: { run: pollProvider },
  [registrationJobs.sync]: { run: pushSync, giveUp: giveUpSync },
  [registrationJobs.file]: { run: deliverFile, giveUp: giveUpDelivery },
  [registrationJobs.notice]: { run: unlessDisconnected(applyNotice) },
}

/** What was told over a connection that has been removed is told to nobody. */
function unlessDisconnected(run: RegistrationJob['run']): RegistrationJob['run'] {
  return async (context, id) => {
    try {
      return await run(context, id)
    } catch (error) {
      const isGone =
        error instanceof AppError && error.definition === connectionErrors.connection_not_found
      if (isGone) return 'done'
      throw error
    }
  }
}

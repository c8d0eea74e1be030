// Owns what operators decide through the platform client: applications, and payouts' outcomes.
import { ArgumentError } from './errors.ts'
import type { CallOptions } from './options.ts'
import type { PlatformCalls, PlatformList } from './platform-calls.ts'
import type {
  Application,
  ApplicationListItem,
  DecidedApplication,
  DecidedPayout,
  ListApplicationsQuery,
  NewDecision,
  NewPayoutOutcome,
  OutcomeReport,
  StatusMachine,
} from './platform-types.generated.ts'
import { failure, type Result } from './result.ts'

/** Applications to become a customer of the bank. With an id: `application_not_found` (404). */
export interface PlatformApplications {
  /** Newest first; what waits for a decision is `SUBMITTED`. */
  list(query?: ListApplicationsQuery, options?: CallOptions): PlatformList<ApplicationListItem>
  retrieve(id: string, options?: CallOptions): Promise<Result<Application>>
  /** Its bytes. Errors: `document_not_found`, `document_not_uploaded` (404). */
  downloadDocument(id: string, documentId: string, options?: CallOptions): Promise<Result<Blob>>
  /** Errors: `application_status_refused`, `application_customer_banks` (409). */
  decide(
    id: string,
    decision: NewDecision,
    options?: CallOptions,
  ): Promise<Result<DecidedApplication>>
}

export interface RecordOutcomesQuery {
  /** `true` tells what would come of every line, and writes nothing. */
  dry_run?: boolean
}

/** What became of payouts that go out by hand. */
export interface PlatformPayouts {
  /** Error: `payout_not_found` (404). */
  retrieve(id: string, options?: CallOptions): Promise<Result<DecidedPayout>>
  /**
   * Errors: `payout_not_found` (404); `payout_reason_missing` (422) of a failure;
   * `payout_status_refused` (409).
   */
  recordOutcome(
    id: string,
    outcome: NewPayoutOutcome,
    options?: CallOptions,
  ): Promise<Result<DecidedPayout>>
  /**
   * A file of the bank, CSV: payout id, `completed` or `failed`, reason. Every line is told what
   * came of it; one that is refused stops no other.
   *
   * Errors: `payout_file_malformed` (422); `payout_file_too_long` (413).
   */
  recordOutcomes(
    csv: string | Blob,
    query?: RecordOutcomesQuery,
    options?: CallOptions,
  ): Promise<Result<OutcomeReport>>
}

/** Every state, every move and who makes it, and what a state permits. */
export interface PlatformStatusMachines {
  list(options?: CallOptions): PlatformList<StatusMachine>
}

export function createApplications(calls: PlatformCalls): PlatformApplications {
  const root = 'applications'
  return {
    list: (query, options) => calls.list([root], query, options),
    retrieve: (id, options) => calls.get([root, { id }], undefined, options),
    downloadDocument: (id, documentId, options) =>
      calls.download([root, { id }, 'documents', { documentId }], options),
    decide: (id, decision, options) =>
      calls.send('POST', [root, { id }, 'decision'], { body: decision }, options),
  }
}

export function createPayouts(calls: PlatformCalls): PlatformPayouts {
  const root = 'payouts'
  return {
    retrieve: (id, options) => calls.get([root, { id }], undefined, options),
    recordOutcome: (id, outcome, options) =>
      calls.send('POST', [root, { id }, 'outcome'], { body: outcome }, options),
    async recordOutcomes(csv, query, options) {
      if (typeof csv !== 'string' && !(csv instanceof Blob)) {
        return failure(new ArgumentError('csv', 'is neither a text nor a Blob'))
      }
      const form = new FormData()
      form.append('file', new Blob([csv], { type: 'text/csv' }), 'outcomes.csv')
      return calls.send('POST', [root, 'outcomes'], { form, query }, options)
    },
  }
}

export function createStatusMachines(calls: PlatformCalls): PlatformStatusMachines {
  return { list: (options) => calls.list(['status-machines'], undefined, options) }
}

// Owns which app's rows a PostgreSQL connection shows: the setting that every policy compares with.
import type { Client } from 'pg'

/** Read by the policies: see row-level-security.ts. */
export const scopeSetting = 'clientele.app_id'

/** No row of any app; also what a connection shows that was told nothing. */
export const noApp = ''

/** In place of an app's id, and never one: the rows of all apps. */
export const everyApp = '00000000-0000-0000-0000-000000000000'

/**
 * Follows the setting of one connection, so that it is sent only where the next statement is for
 * another app. It is never sent inside a transaction, where a rollback would take it back unseen.
 */
export class RowScope {
  readonly #client: Client
  /** `null`: unknown, since a role may have a default. */
  #shown: string | null = null
  /** Under way, or failed. */
  #setting: Promise<unknown> | null = null

  constructor(client: Client) {
    this.#client = client
  }

  isShowing(scope: string): boolean {
    return this.#shown === scope
  }

  /**
   * Call before sending a statement. Where the answer is a promise, the statement's own answer
   * counts only when that resolves: were the setting refused, what follows it in the pipeline would
   * run with the rows of the app before.
   */
  show(scope: string): Promise<unknown> | null {
    if (this.#shown !== scope) this.#send(scope)
    return this.#setting
  }

  #send(scope: string): void {
    this.#shown = scope
    const setting = this.#client
      .query({
        name: 'scope',
        text: 'select set_config($1, $2, false)',
        values: [scopeSetting, scope],
      })
      .then(
        () => {
          if (this.#setting === setting) this.#setting = null
        },
        (error) => {
          // Nobody knows whose rows it shows: it serves nobody any more.
          this.#client.end().catch(() => {})
          throw error
        },
      )
    // Whoever sends a statement behind it hears of the failure.
    setting.catch(() => {})
    this.#setting = setting
  }
}

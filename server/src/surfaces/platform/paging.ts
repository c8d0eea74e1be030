// Owns how this surface's lists are paged: the query, and what a page says.
import Type from 'typebox'

/** Members of the query of a list of `entries`; a cursor may be something `more` than its own. */
export const pageQuery = (
  limits: { default: number; max: number },
  { entries = 'entries', more = '' } = {},
) => ({
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: limits.max,
      default: limits.default,
      description: `How many ${entries} a page has`,
    }),
  ),
  cursor: Type.Optional(
    Type.String({ maxLength: 200, description: `\`next_cursor\` of the page before${more}` }),
  ),
})

/** Of one more than is shown: that one says whether another page follows. */
export function toWirePage<T, W>(
  found: T[],
  limit: number,
  { show, cursorOf }: { show(entry: T): W; cursorOf(entry: T): string },
): { data: W[]; has_more: boolean; next_cursor: string | null } {
  const shown = found.slice(0, limit)
  const last = shown.at(-1)
  const has_more = found.length > limit
  return { data: shown.map(show), has_more, next_cursor: has_more && last ? cursorOf(last) : null }
}

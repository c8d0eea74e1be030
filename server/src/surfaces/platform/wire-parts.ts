// Owns the small schemas that this surface's wire formats are put together from.
import Type, { type TSchema } from 'typebox'

/** `more`: whether it is personal; see http/mask.ts. */
export const Text = (description: string, example: string, more: object = {}) =>
  Type.String({ description, examples: [example], ...more })

export const Time = (description: string) => Text(description, '2026-02-25T12:00:00.000Z')

/** Text that may not be there, or not yet. */
export const Later = (description: string, example: string | null = null, more: object = {}) =>
  Type.Union([Type.String(), Type.Null()], { description, examples: [example], ...more })

export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])

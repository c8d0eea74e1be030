// Owns the small schemas that this surface's wire formats are put together from.
import Type, { type TSchema } from 'typebox'

export const Text = (description: string, example: string) =>
  Type.String({ description, examples: [example] })

export const Time = (description: string) => Text(description, '2026-02-25T12:00:00.000Z')

/** Text that may not be there, or not yet. */
export const Later = (description: string, example: string | null = null) =>
  Type.Union([Type.String(), Type.Null()], { description, examples: [example] })

export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])

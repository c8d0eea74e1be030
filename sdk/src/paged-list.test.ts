// Owns the proof of lists whose pages say which page follows.
import { describe, expect, test } from 'vitest'
import { ClienteleError } from './errors.ts'
import { createPagedList } from './paged-list.ts'
import { failure, success } from './result.ts'

interface Page {
  data: number[]
  next: string | undefined
}

const three: Record<string, Page> = {
  first: { data: [1, 2], next: 'second' },
  second: { data: [], next: 'third' },
  third: { data: [3], next: undefined },
}

function listOf(pages: Record<string, Page>, first?: string) {
  const asked: (string | undefined)[] = []
  const list = createPagedList<number, Page, string>({
    first,
    read: async (at) => {
      asked.push(at)
      const page = pages[at ?? 'first']
      return page ? success(page) : failure(new ClienteleError('no such page'))
    },
    next: (page) => page.next,
  })
  return { list, asked }
}

test('nothing is sent until it is used, and awaiting it twice sends once', async () => {
  const { list, asked } = listOf(three)
  expect(asked).toEqual([])
  expect(await list).toEqual(success({ data: [1, 2], next: 'second' }))
  expect(await list).toEqual(success({ data: [1, 2], next: 'second' }))
  expect(asked).toEqual([undefined])
})

describe('a walk', () => {
  test('sees every entry, also beyond an empty page', async () => {
    const { list, asked } = listOf(three)
    const seen: number[] = []
    for await (const entry of list) seen.push(entry)
    expect([seen, asked]).toEqual([
      [1, 2, 3],
      [undefined, 'second', 'third'],
    ])
  })

  test('goes page by page, and begins where it is told', async () => {
    const { list } = listOf(three, 'second')
    const seen: number[][] = []
    for await (const { data } of list.pages()) seen.push(data)
    expect(seen).toEqual([[], [3]])
  })

  test('that is left asks for no more', async () => {
    const { list, asked } = listOf(three)
    for await (const entry of list) if (entry === 1) break
    expect(asked).toEqual([undefined])
  })

  test('throws what a page fails with', async () => {
    const { list } = listOf({ first: { data: [1], next: 'none' } })
    const seen: number[] = []
    const walk = async () => {
      for await (const entry of list) seen.push(entry)
    }
    await expect(walk()).rejects.toThrow('no such page')
    expect(seen).toEqual([1])
  })

  test('ends with an error where the server names the same page again', async () => {
    const { list } = listOf({ first: { data: [], next: 'same' }, same: { data: [], next: 'same' } })
    const walk = async () => {
      for await (const _ of list) throw new Error('there is no entry')
    }
    await expect(walk()).rejects.toThrow('the same page again')
  })
})

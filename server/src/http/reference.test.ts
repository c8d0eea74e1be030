// Owns the proof that the reference pages are whole, escaped, and ask nothing of outside.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../test/harness.ts'
import { payoutsSurface } from '../surfaces/payouts/surface.ts'
import { outlineOf } from './outline.ts'
import { renderSurface } from './reference-page.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const read = (path: string) => server.call('GET', path, { key: null })

describe('200', () => {
  test('the start lists every surface, without a key', async () => {
    const answer = await read('/docs')
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(answer.text).toContain('href="/docs/payouts"')
    expect(answer.text).toContain('Clientele payouts')
  })

  test('the page of a surface shows every operation, and how each can fail', async () => {
    const { text, status } = await read('/docs/payouts')
    expect(status).toBe(200)
    expect(text.match(/<article /g)).toHaveLength(payoutsSurface.operations.length)
    for (const { id, summary, errors } of payoutsSurface.operations) {
      const article = text.split(`<article id="${id}"`)[1]?.split('</article>')[0] ?? ''
      expect(article).toContain(summary.replace("'", '&#39;'))
      expect(article).toContain('curl')
      for (const { title } of errors) expect(article).toContain(title)
    }
    for (const id of ['authentication', 'idempotency', 'paging', 'errors', 'limits']) {
      expect(text).toContain(`id="${id}"`)
    }
  })

  test('every link inside a page leads to a place on it or to a page that is served', async () => {
    const { text } = await read('/docs/payouts')
    const links = [...text.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, link]) => link ?? '')
    expect(links.length).toBeGreaterThan(payoutsSurface.operations.length)
    for (const link of new Set(links)) {
      if (link.startsWith('#')) expect(text).toContain(`id="${link.slice(1)}"`)
      else expect((await read(link)).status, link).toBe(200)
    }
  })

  test('the document is served without a key, with the headers of the surface', async () => {
    const answer = await read('/payouts/openapi.json')
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.get('request-id')).toMatch(/^req_/)
    expect(answer.json.openapi).toBe('3.1.0')
    expect((await read('/payouts/openapi.json')).text).toBe(answer.text)
  })
})

describe('security', () => {
  const paths = ['/docs', '/docs/', '/docs/payouts', '/docs/reference.css', '/docs/none']

  test.each(paths)('%s may load a stylesheet of ours and nothing else', async (path) => {
    const { headers } = await read(path)
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none';style-src 'self';base-uri 'none';" +
        "frame-ancestors 'none';form-action 'none'",
    )
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
  })

  test('no page or stylesheet names another address, or carries a script or a style', async () => {
    for (const path of paths) {
      const { text } = await read(path)
      // The address that the examples are sent to, and which the reader replaces.
      const outside = text.replaceAll('http://127.0.0.1:4000', '')
      expect(outside).not.toMatch(
        /https?:|url\(|@import|<script|<style|<img|<iframe| on\w+=| style=/,
      )
    }
  })

  test('the headers stay with the pages: an API answer has none of them', async () => {
    const { headers } = await server.call('GET', '/payouts/customers')
    expect(headers.get('content-security-policy')).toBeNull()
  })

  test('text of an operation cannot become markup', () => {
    const [operation] = payoutsSurface.operations
    if (!operation) throw new Error('the surface has operations')
    const evil = `</code><script>alert("1")</script>&'`
    const wicked = { ...operation, summary: evil, description: `\`${evil}\``, tag: evil }
    const surface = { ...payoutsSurface, title: evil, description: evil, operations: [wicked] }
    const outline = outlineOf(surface)
    const page = renderSurface(outline, [outline])
    expect(page).not.toContain('<script')
    expect(page).not.toContain('alert("')
    expect(page.match(/&#60;script&#62;alert\(&#34;1&#34;\)/g)?.length).toBeGreaterThan(5)
  })
})

describe('404', () => {
  test('a page that does not exist says so as a page', async () => {
    const answer = await read('/docs/none')
    expect(answer.status).toBe(404)
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(answer.text).toContain('No such page')
  })
})

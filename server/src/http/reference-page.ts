// Owns how an outline looks as HTML. Everything that is not our own markup goes through `html`.
import type { OperationOutline, Outline } from './outline.ts'
import type { Chapter, ErrorOutline } from './outline-chapters.ts'
import type { Field } from './outline-fields.ts'
import { type Html, html, join, richText } from './reference-html.ts'

export function renderIndex(outlines: Outline[]): string {
  const cards = outlines.map(
    (outline) => html`<li><a class="card" href="/docs/${outline.name}">
      <strong>${outline.title}</strong> <code>${outline.basePath}</code>
      <span>${richText(outline.description)}</span></a></li>`,
  )
  const body = html`<main class="narrow">
    <h1>Reference</h1>
    <p class="lead">Each surface is a public wire format over the same customers: what one writes,
      the others read.</p>
    <ul class="cards">${join(cards)}</ul>
  </main>`
  return page('Reference', [], body)
}

export function renderMissing(): string {
  const body = html`<main class="narrow">
    <h1>No such page</h1>
    <p class="lead">The surfaces are listed <a href="/docs">at the start</a>.</p>
  </main>`
  return page('No such page', [], body)
}

export function renderSurface(outline: Outline, all: Outline[]): string {
  const { title, version, description, basePath, chapters, groups } = outline
  const body = html`<div class="columns">
    <nav class="side" aria-label="Contents">${contents(outline)}</nav>
    <main>
      <h1>${title}</h1>
      <p class="lead">${richText(description)}</p>
      <dl class="facts">
        <div><dt>Base path</dt><dd><code>${basePath}</code></dd></div>
        <div><dt>Version</dt><dd>${version}</dd></div>
        <div><dt>OpenAPI 3.1</dt><dd><a href="${basePath}/openapi.json"
          >${basePath}/openapi.json</a></dd></div>
      </dl>
      <details class="menu"><summary>Contents</summary><nav>${contents(outline)}</nav></details>
      ${join(chapters.map(renderChapter))}
      ${join(
        groups.map(
          ({ tag, operations }) => html`<section><h2 class="group" id="${slug(tag)}">${tag}</h2>
          ${join(operations.map(renderOperation))}</section>`,
        ),
      )}
    </main>
  </div>`
  return page(title, all, body)
}

function page(title: string, surfaces: Outline[], body: Html): string {
  const links = surfaces.map(({ name }) => html`<a href="/docs/${name}">${name}</a>`)
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Clientele</title>
<link rel="stylesheet" href="/docs/reference.css">
</head>
<body>
<header class="top"><a class="brand" href="/docs">Clientele</a>${join(links)}</header>
${body}
</body>
</html>
`
  return document.markup
}

function contents({ chapters, groups }: Outline): Html {
  const first = chapters.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)
  const rest = groups.map(
    ({ tag, operations }) =>
      html`<p>${tag}</p><ul>${join(
        operations.map(
          ({ id, method, summary }) =>
            html`<li><a href="#${id}"><span>${summary}</span>${methodMark(method)}</a></li>`,
        ),
      )}</ul>`,
  )
  return html`<p>Basics</p><ul>${join(first)}</ul>${join(rest)}`
}

function methodMark(method: string): Html {
  return html`<span class="method ${method.toLowerCase()}">${method}</span>`
}

function renderChapter(chapter: Chapter): Html {
  const { id, title, paragraphs, code, fields, errors } = chapter
  return html`<section class="chapter" id="${id}">
    <h2><a class="anchor" href="#${id}">${title}</a></h2>
    ${join(paragraphs.map((text) => html`<p>${richText(text)}</p>`))}
    ${code === undefined ? '' : html`<pre><code>${code}</code></pre>`}
    ${fields ? fieldTable(fields, id === 'errors' ? 'answered' : 'sent') : ''}
    ${errors ? errorTable(errors) : ''}
  </section>`
}

function renderOperation(operation: OperationOutline): Html {
  const { id, method, path, scopes, summary, description, parts, answer, errors, curl } = operation
  return html`<article id="${id}">
    <div class="text">
      <h3><a class="anchor" href="#${id}">${summary}</a></h3>
      <p class="route">${methodMark(method)} <code>${breakable(path)}</code></p>
      <p>${richText(description)}</p>
      <p class="scope">${scopeLine(scopes)}</p>
      ${join(parts.map(renderPart))}
      <h4>Answer</h4>
      <p>Status <b>${answer.status}</b>. ${richText(answer.description)},
        as ${kindOf(answer.type)}.</p>
      ${answerFields(answer.fields)}
      <h4>Errors</h4>
      ${errorTable(errors)}
      <p class="quiet">And those that <a href="#common-errors">any operation can answer</a>.</p>
    </div>
    <div class="samples">
      <p>Request</p><pre tabindex="0"><code>${curl}</code></pre>
      <p>Answer <b>${answer.status}</b></p>
      ${answer.example === '' ? '' : html`<pre tabindex="0"><code>${answer.example}</code></pre>`}
    </div>
  </article>`
}

function scopeLine(scopes: string[][]): Html {
  const names = scopes.map((all) => all.map((one) => `\`${one}\``).join(' and ')).join(' or ')
  return richText(names === '' ? 'Without a key' : `Scope ${names}`)
}

function answerFields(fields: OperationOutline['answer']['fields']): Html | '' {
  if (fields.length === 0) return ''
  return html`<details><summary>Fields of the answer</summary>
    ${fieldTable(fields, 'answered')}</details>`
}

function kindOf(type: string): Html {
  return type.startsWith('array of ')
    ? html`a bare array of <code>${type.slice('array of '.length)}</code>`
    : html`<code>${type}</code>`
}

/** What is sent is marked where it is required, what is answered where it can be absent. */
function fieldTable(fields: Field[], direction: 'sent' | 'answered'): Html {
  const rows = fields.map(
    ({ name, type, isRequired, rule, description }) => html`<tr>
      <th scope="row"><code>${breakable(name)}</code>${
        isRequired === (direction === 'sent') ? marks[direction] : ''
      }</th>
      <td class="type">${type}</td>
      <td>${richText(description)}${
        rule === '' ? '' : html` <span class="rule">${richText(rule)}</span>`
      }</td></tr>`,
  )
  return html`<table class="fields"><thead><tr><th scope="col">Field</th><th scope="col">Type</th>
    <th scope="col">What it holds, and its rule</th></tr></thead>
    <tbody>${join(rows)}</tbody></table>`
}

function renderPart({ title, fields }: OperationOutline['parts'][number]): Html {
  return html`<h4>${title}</h4>${fieldTable(fields, 'sent')}`
}

function errorTable(errors: ErrorOutline[]): Html {
  const rows = errors.map(
    ({ anchor, status, code, title, detail, fix }) => html`<tr${
      anchor === null ? '' : html` id="${anchor}"`
    }>
      <th scope="row"><b>${status}</b> <code>${breakable(code)}</code></th>
      <td><strong>${title}</strong> <span>${richText(detail)}</span></td>
      <td>${richText(fix)}</td></tr>`,
  )
  return html`<table class="errors"><thead><tr><th scope="col">Status, code</th>
    <th scope="col">What happened</th><th scope="col">What to do</th></tr></thead>
    <tbody>${join(rows)}</tbody></table>`
}

const marks = {
  sent: html` <span class="required">required</span>`,
  answered: html` <span class="optional">can be absent</span>`,
}

/** Long names may break after a slash, a dot or an underscore; nowhere else. */
function breakable(name: string): Html {
  return join(name.split(/(?<=[/._])/).map((part, at) => html`${at === 0 ? '' : wordBreak}${part}`))
}

const wordBreak: Html = { markup: '<wbr>' }

function slug(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, '-')
}

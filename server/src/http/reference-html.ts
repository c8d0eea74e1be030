// Owns writing HTML without a hole: what a template is given is text, unless it is Html already.

export interface Html {
  markup: string
}

type Part = string | number | Html

export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  const markup = strings.reduce((all, string, at) => all + print(parts[at - 1] ?? '') + string)
  return { markup }
}

export function join(parts: Html[]): Html {
  return { markup: parts.map(({ markup }) => markup).join('') }
}

/** Text in which `code` stands between backticks. */
export function richText(text: string): Html {
  const parts = text.split('`')
  return join(parts.map((part, at) => (at % 2 === 1 ? html`<code>${part}</code>` : html`${part}`)))
}

function print(part: Part): string {
  return typeof part === 'object' ? part.markup : escapeText(String(part))
}

function escapeText(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`)
}

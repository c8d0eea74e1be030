// Owns the form of the setting that names JSON-RPC endpoints by EVM chain id.

/** `null`: neither `1=https://…,8453=https://…` nor the same as a JSON object. */
export function rpcUrlsOf(text: string): ReadonlyMap<number, string> | null {
  const pairs = text === '' ? [] : text.startsWith('{') ? membersOf(text) : pairsOf(text)
  const isGood = pairs.every(([id, url]) => /^[1-9]\d{0,14}$/.test(id) && isEndpoint(url))
  const urls = new Map(pairs.map(([id, url]) => [Number(id), url]))
  return isGood && urls.size === pairs.length ? urls : null
}

function pairsOf(text: string): [string, string][] {
  return text.split(',').map((pair) => {
    const [id = '', ...url] = pair.split('=')
    return [id.trim(), url.join('=').trim()]
  })
}

function membersOf(text: string): [string, string][] {
  try {
    return Object.entries(JSON.parse(text)).map(([id, url]) => [id, String(url)])
  } catch {
    return [['', '']]
  }
}

function isEndpoint(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, username, password } = new URL(text)
  return /^https?:$/.test(protocol) && username === '' && password === ''
}

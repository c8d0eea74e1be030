// Owns values that can be told apart from everything else, and finding them in any bytes.
import { randomInt } from 'node:crypto'
import { cbuOf } from './cbu.ts'

export interface Canaries {
  /** What is searched for: a part of every value of its kind. */
  markers: Record<string, string>
  /** The values of customer number `n`, below 1,000. */
  of(n: number): {
    name: string
    email: string
    metadataKey: string
    metadataValue: string
    holderName: string
    cbu: string
    cuit: string
    destinationName: string
    destinationCbu: string
    destinationCuit: string
    idempotencyKey: string
    /** As the orchestration surface takes it. */
    orchestrated: Record<string, unknown>
    providerData: Record<string, string>
    /** Words for the name of a file, and for its bytes. */
    fileName: string
    fileContent: string
    credentials: { secret: string; webhookSecret: string }
  }
}

const word = () =>
  Array.from({ length: 12 }, () => 'abcdefghijkmnpqrstuvwxyz'[randomInt(24)]).join('')
const digits = (count: number) => String(randomInt(10 ** (count - 1), 10 ** count))

export function createCanaries(): Canaries {
  const orchestrated = createOrchestrated()
  const words = {
    name: word(),
    email: word(),
    metadataKey: word(),
    metadataValue: word(),
    holderName: word(),
    destinationName: word(),
    idempotencyKey: word(),
    providerDataKey: word(),
    providerDataValue: word(),
    fileName: word(),
    fileContent: word(),
    secret: word(),
    webhookSecret: word(),
  }
  const numbers = {
    cbu: digits(10),
    cuit: digits(5),
    destinationCbu: digits(10),
    destinationCuit: digits(5),
  }
  return {
    markers: {
      ...words,
      ...orchestrated.markers,
      cbu: numbers.cbu,
      cuit: `20${numbers.cuit}`,
      destinationCbu: numbers.destinationCbu,
      destinationCuit: `20${numbers.destinationCuit}`,
    },
    of: (n) => ({
      name: `${words.name} ${n}`,
      email: `${words.email}.${n}@example.com`,
      metadataKey: `${words.metadataKey}${n}`,
      metadataValue: `${words.metadataValue} ${n}`,
      holderName: `${words.holderName} ${n}`,
      destinationName: `${words.destinationName} ${n}`,
      idempotencyKey: `${words.idempotencyKey}-${n}`,
      cbu: cbuOf(Number(numbers.cbu) * 1_000 + n),
      destinationCbu: cbuOf(Number(numbers.destinationCbu) * 1_000 + n),
      cuit: cuitOf(numbers.cuit, n),
      destinationCuit: cuitOf(numbers.destinationCuit, n),
      orchestrated: orchestrated.of(n),
      providerData: { [`${words.providerDataKey}${n}`]: `${words.providerDataValue} ${n}` },
      fileName: `${words.fileName} ${n}`,
      fileContent: `${words.fileContent} ${n}`,
      credentials: {
        secret: `sk_test_${words.secret}${n}`,
        webhookSecret: `whsec_${words.webhookSecret}${n}`,
      },
    }),
  }
}

/** Texts of a customer that no rule has a form for. */
const plainTexts = [
  'first_name',
  'last_name',
  'document_number',
  'street_name',
  'street_number',
  'city',
  'state',
  'neighborhood',
  'mother_name',
  'social_name',
  'owner_legal_name',
  'owner_document_number',
  'tax_id',
  'customer_wallet',
  'trading_wallet',
]

function createOrchestrated() {
  const texts = Object.fromEntries(plainTexts.map((name) => [name, word()]))
  const others = { orchestratedEmail: word(), infoKey: word(), infoValue: word() }
  const numbers = { phone: `9${digits(8)}`, postalCode: digits(8) }
  return {
    markers: { ...texts, ...others, ...numbers },
    of: (n: number) => ({
      ...Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, `${text} ${n}`])),
      email: `${others.orchestratedEmail}.${n}@example.com`,
      additional_info: { [`${others.infoKey}${n}`]: `${others.infoValue} ${n}` },
      document_type: 'passport',
      phone_country_code: '55',
      phone_area_code: '11',
      phone_number: numbers.phone,
      postal_code: numbers.postalCode,
      country_code: 'BR',
    }),
  }
}

/** The markers that stand in `bytes`, in any usual spelling. */
export function findMarkers(bytes: Uint8Array, markers: Record<string, string>): string[] {
  const haystack = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Object.entries(markers)
    .filter(([, marker]) => spellings(marker).some((spelling) => haystack.includes(spelling)))
    .map(([kind]) => kind)
}

function spellings(marker: string): (string | Buffer)[] {
  const hex = Buffer.from(marker).toString('hex')
  const base64 = [0, 1, 2].map((offset) => {
    const text = Buffer.from('\0'.repeat(offset) + marker).toString('base64')
    // The first and last characters also depend on what stands beside the marker.
    return text.slice(offset === 0 ? 0 : 4, -4)
  })
  const reversed = [...marker].reverse().join('')
  const wide = Buffer.from(marker, 'utf16le')
  return [marker, marker.toUpperCase(), reversed, wide, hex, hex.toUpperCase(), ...base64]
}

/** A valid CUIT that begins with `20` and the five digits; without a check digit, the next one. */
function cuitOf(five: string, n: number): string {
  for (let last = n; ; last += 1) {
    const digits = `20${five}${String(last % 1_000).padStart(3, '0')}`
    const weights = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]
    const sum = weights.reduce((total, weight, at) => total + weight * Number(digits[at]), 0)
    const check = (11 - (sum % 11)) % 11
    if (check < 10) return `${digits}${check}`
  }
}

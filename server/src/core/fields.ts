// Owns the rules of single fields that facets share. Shape is the surface's, meaning is ours.
import { iso31661 } from 'iso-3166'
import { parsePhoneNumberFromString } from 'libphonenumber-js/min'
// By file: the whole library brings every country, 20 MiB of memory and a tenth of the start.
import cnpj from 'stdnum/lib/cjs/br/cnpj.js'
import cpf from 'stdnum/lib/cjs/br/cpf.js'
import type { Json } from '../lib/canonical.ts'
import { AppError, defineErrors } from './errors.ts'

export const fieldErrors = defineErrors({
  field_invalid: {
    kind: 'invalid',
    title: 'A field breaks a rule',
    detail: 'A field breaks a rule.',
    fix: 'Correct the field that is named and send the request again.',
  },
})

export const nameLengthMax = 200
/** One more than SMTP carries (RFC 5321): the crypto surface takes 255. */
export const emailLengthMax = 255
export const externalIdLengthMax = 255
export const metadataKeysMax = 50
export const metadataKeyLengthMax = 100
export const metadataValueLengthMax = 500

export interface Document {
  /** `cpf`, `personal_tax_id`, …: the caller's word for it. */
  type: string | null
  number: string | null
  /** ISO 3166-1 alpha-2. */
  country: string | null
}

export interface Address {
  line1: string | null
  line2: string | null
  houseNumber: string | null
  streetNumber: string | null
  streetName: string | null
  neighborhood: string | null
  city: string | null
  state: string | null
  subdivision: string | null
  postalCode: string | null
}

/** A phone number as its parts were given; digits, or `null` where a part was not. */
export interface PhoneParts {
  countryCode: string | null
  areaCode: string | null
  number: string | null
}

export type Metadata = Record<string, Json>

/** Refuses the field by name: the message says the rule, never the value. */
export function refuseField(param: string, rule: string): never {
  throw new AppError(fieldErrors.field_invalid, { param, detail: `${param}: ${rule}.` })
}

/** Text for people: no control characters, no broken surrogates, not blank. */
export function checkText(param: string, text: string, lengthMax: number): string {
  if (text.trim() === '') refuseField(param, 'is blank')
  return checkPlain(param, text, lengthMax)
}

/** As `checkText`, but it may be blank. */
function checkPlain(param: string, text: string, lengthMax: number): string {
  if (!text.isWellFormed()) refuseField(param, 'holds half of a surrogate pair')
  if (/\p{Cc}/u.test(text)) refuseField(param, 'holds a control character')
  // Code points, as the `maxLength` of the published schemas counts them.
  if (text.length > lengthMax && [...text].length > lengthMax) {
    refuseField(param, `is longer than ${lengthMax} characters`)
  }
  return text
}

/** One `@` with a name before it and a dotted host after it; the mailbox itself is never probed. */
export function checkEmail(param: string, email: string): string {
  checkText(param, email, emailLengthMax)
  if (!/^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/u.test(email)) {
    refuseField(param, 'is not an e-mail address like name@example.com')
  }
  return email
}

/** The form under which two spellings of one mailbox are equal. */
export function normalizeEmail(email: string): string {
  return email.normalize('NFC').toLowerCase()
}

/** ISO 3166-1 alpha-2, upper case. */
export function checkCountry(param: string, code: string): string {
  if (!countryCodes.has(code)) refuseField(param, 'is not an ISO 3166-1 alpha-2 code such as AR')
  return code
}

/** The alpha-2 code that a code of two or three letters or an English name stands for. */
export function findCountry(text: string): string | null {
  return countryCodeOf.get(text.trim().toLowerCase()) ?? null
}

/** E.164, as `+5491123456789`. Spaces, dots, hyphens and brackets in it are dropped. */
export function checkPhone(param: string, phone: string): string {
  const number = parsePhone(phone)
  // A trunk prefix that comes off at every reading would change the number whenever it is saved.
  if (number === null || parsePhone(number) !== number) {
    refuseField(param, 'is not a phone number in E.164 like +5491123456789')
  }
  return number
}

function parsePhone(phone: string): string | null {
  // The library would also find a number inside a sentence, and drop an extension in silence.
  if (!/^\+[\d ().-]{1,40}$/.test(phone)) return null
  const parsed = parsePhoneNumberFromString(phone, { extract: false })
  return parsed?.isPossible() ? parsed.number : null
}

/** The E.164 form of the parts, or `null` while the country code or the number is not known. */
export function checkPhoneParts(param: string, parts: PhoneParts): string | null {
  const { countryCode, areaCode, number } = parts
  if (countryCode !== null && !/^\+?\d{1,4}$/.test(countryCode)) {
    refuseField(`${param}.countryCode`, 'is not a country calling code such as 1 or 55')
  }
  if (areaCode !== null && !/^\d{1,6}$/.test(areaCode)) {
    refuseField(`${param}.areaCode`, 'is not 1 to 6 digits')
  }
  if (number !== null && !/^\d[\d ().-]{1,18}$/.test(number)) {
    refuseField(`${param}.number`, 'is not 2 to 19 digits')
  }
  if (countryCode === null || number === null) return null
  const phone = parsePhone(`+${countryCode.replace('+', '')}${areaCode ?? ''}${number}`)
  if (phone === null) {
    refuseField(`${param}.number`, 'is not a number that exists with this country and area code')
  }
  return phone
}

/** What a number in E.164 says of its parts: where the area code ends is not known. */
export function phonePartsOf(phone: string): PhoneParts {
  const parsed = parsePhoneNumberFromString(phone, { extract: false })
  if (!parsed) return { countryCode: null, areaCode: null, number: phone.replace('+', '') }
  const { countryCallingCode, nationalNumber } = parsed
  return { countryCode: countryCallingCode, areaCode: null, number: nationalNumber }
}

/** `YYYY-MM-DD`, a day that exists and lies before `now`. */
export function checkDateOfBirth(param: string, date: string, now: number): string {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN
  const isReal = !Number.isNaN(time) && new Date(time).toISOString().startsWith(date)
  if (!isReal) refuseField(param, 'is not a date like 1990-12-31')
  if (time >= now) refuseField(param, 'lies in the future')
  return date
}

/** Checks the number where its type and country name a scheme with a public check digit. */
export function checkDocument(param: string, document: Document): Document {
  const { type, number, country } = document
  if (type !== null) checkText(`${param}.type`, type, 50)
  if (number !== null) checkText(`${param}.number`, number, 50)
  if (country !== null) checkCountry(`${param}.country`, country)
  const scheme = documentSchemes[`${country}:${type}`]
  if (scheme && number !== null && !scheme.isValid(number)) {
    refuseField(`${param}.number`, `is not a valid ${scheme.name} of ${country}`)
  }
  return document
}

/** CUIT or CUIL: 11 digits, modulus 11. */
export function checkCuit(param: string, cuit: string): string {
  if (!/^\d{11}$/.test(cuit)) refuseField(param, 'is not a CUIT of 11 digits')
  if (!isCuit(cuit)) refuseField(param, 'has a wrong CUIT check digit')
  return cuit
}

const cuitWeights = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]

/** Modulus 11. Ours: stdnum 1.12 knows ten prefixes only, and takes a 9 where no digit fits. */
function isCuit(number: string): boolean {
  const digits = number.replace(/[ .-]/g, '')
  if (!/^\d{11}$/.test(digits)) return false
  const sum = cuitWeights.reduce((total, weight, at) => total + weight * Number(digits[at]), 0)
  // A remainder of 1 asks for the digit 10, which no CUIT has.
  return sum % 11 !== 1 && Number(digits[10]) === (11 - (sum % 11)) % 11
}

export function checkMetadata(param: string, metadata: Metadata): Metadata {
  const names = Object.keys(metadata)
  if (names.length > metadataKeysMax) refuseField(param, `has more than ${metadataKeysMax} keys`)
  for (const [index, name] of names.entries()) {
    if (!name.isWellFormed() || /\p{Cc}/u.test(name) || name.trim() === '') {
      refuseField(param, `has a key (number ${index + 1}) that is blank or not plain text`)
    }
    if (name.length > metadataKeyLengthMax) {
      refuseField(param, `has a key longer than ${metadataKeyLengthMax} characters`)
    }
    const value = metadata[name]
    if (typeof value === 'string') checkPlain(`${param}.${name}`, value, metadataValueLengthMax)
    else if (JSON.stringify(value).length > metadataValueLengthMax) {
      refuseField(`${param}.${name}`, `is longer than ${metadataValueLengthMax} characters of JSON`)
    }
  }
  return metadata
}

const countryCodes: ReadonlySet<string> = new Set(iso31661.map((country) => country.alpha2))
/** By the names that people write, and by those of the standard. */
const englishNames = new Intl.DisplayNames('en', { type: 'region' })
const countryCodeOf: ReadonlyMap<string, string> = new Map(
  iso31661.flatMap(({ alpha2, alpha3, name }) =>
    [alpha2, alpha3, name, englishNames.of(alpha2) ?? name].map((text) => [
      text.toLowerCase(),
      alpha2,
    ]),
  ),
)

const isCpf = (number: string) => cpf.validate(number).isValid
const isCnpj = (number: string) => cnpj.validate(number).isValid

/** Nine digits, no group of zeros; never 000, 666 or 9xx in front (20 CFR 422.110; SSA POMS). */
const isSsn = (number: string) =>
  /^(?!000|666|9)\d{3}(?!00)\d{2}(?!0000)\d{4}$/.test(number.replace(/[ -]/g, ''))

/** 9xx with a fourth and fifth digit from 50-65, 70-88, 90-92 or 94-99 (IRS Publication 1915). */
const isItin = (number: string) =>
  /^9\d{2}(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])\d{4}$/.test(number.replace(/[ -]/g, ''))

interface DocumentScheme {
  name: string
  isValid(number: string): boolean
}

/** Country and type, as callers name it; the generic types mean the country's own document. */
const documentSchemes: Record<string, DocumentScheme> = {
  'BR:cpf': { name: 'CPF', isValid: isCpf },
  'BR:personal_tax_id': { name: 'CPF', isValid: isCpf },
  'BR:cnpj': { name: 'CNPJ', isValid: isCnpj },
  'BR:company_tax_id': { name: 'CNPJ', isValid: isCnpj },
  'AR:cuit': { name: 'CUIT', isValid: isCuit },
  'AR:personal_tax_id': { name: 'CUIT or CUIL', isValid: isCuit },
  'AR:company_tax_id': { name: 'CUIT', isValid: isCuit },
  'US:ssn': { name: 'SSN', isValid: isSsn },
  'US:itin': { name: 'ITIN', isValid: isItin },
  'US:personal_tax_id': {
    name: 'SSN or ITIN',
    isValid: (number) => isSsn(number) || isItin(number),
  },
}

const noAddress: Address = {
  line1: null,
  line2: null,
  houseNumber: null,
  streetNumber: null,
  streetName: null,
  neighborhood: null,
  city: null,
  state: null,
  subdivision: null,
  postalCode: null,
}

/** The address in parts: where only a first line is known, it stands as the street. */
export function addressPartsOf(address: Address | null): Address {
  if (address === null) return noAddress
  const hasStreet = address.streetName !== null || address.line1 === null
  return hasStreet ? address : { ...address, streetName: address.line1, line1: null }
}

/** The first line of an address: as it was given, or street and number. */
export function addressLineOf(address: Address): string | null {
  if (address.line1 !== null) return address.line1
  const { streetName, houseNumber, streetNumber } = address
  return [streetName, houseNumber ?? streetNumber].filter((part) => part).join(' ') || null
}

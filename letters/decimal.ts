/**
 * Exact decimal numbers as text: Latin digits, `-` before, `.` within, nothing superfluous ('0', '-12.5', '1400000').
 * Sums of what 495 officers wrote must come out to the last poisha, so no float ever touches them.
 */
import { digitsOf, type Lang } from '../language/digits.ts'

export const MOST_WHOLE_DIGITS = 15
export const MOST_PLACES = 6
const SCALE = 10n ** BigInt(MOST_PLACES)

const form = new RegExp(`^-?(?:0|[1-9][0-9]*)(?:\\.[0-9]{0,${MOST_PLACES - 1}}[1-9])?$`)

/** Whether `text` is a number in its one written form, within the digits we take from a person (a sum may be longer). */
export function isDecimal(text: string): boolean {
  return form.test(text) && text !== '-0' && text.replace(/^-|\..*$/g, '').length <= MOST_WHOLE_DIGITS
}

/** Their exact sum. Sums themselves can be added. @throws RangeError for a text in another form. */
export function addDecimals(numbers: Iterable<string>): string {
  let sum = 0n
  for (const number of numbers) sum += scaled(number)
  return written(sum)
}

/** Grouped by lakh and crore in the digits of `lang`, every place kept: ১২,৩৪,৫৬৭.৮৯. Anything else comes back as it is. */
export function formatDecimal(lang: Lang, number: string): string {
  const parts = /^(-?)([0-9]+)((?:\.[0-9]+)?)$/.exec(number)
  if (!parts) return number
  const [, sign, whole = '', fraction] = parts
  const head = whole.slice(0, -3).replace(/\B(?=(\d{2})+$)/g, ',')
  return digitsOf(lang, `${sign}${head ? `${head},` : ''}${whole.slice(-3)}${fraction}`)
}

function scaled(number: string): bigint {
  if (!form.test(number)) throw new RangeError(`Not a number in its one form: ${number}`)
  const [whole = '', fraction = ''] = number.replace('-', '').split('.')
  const size = BigInt(whole + fraction.padEnd(MOST_PLACES, '0'))
  return number.startsWith('-') ? -size : size
}

function written(value: bigint): string {
  const size = value < 0n ? -value : value
  const fraction = String(size % SCALE)
    .padStart(MOST_PLACES, '0')
    .replace(/0+$/, '')
  return `${value < 0n ? '-' : ''}${size / SCALE}${fraction ? `.${fraction}` : ''}`
}

/** What a person typed into an asked-for field, read. Either script's digits, the ways officials write a number or a date. */
import { gregorianDate, isIsoDate } from '../language/calendar.ts'
import { toLatin } from '../language/digits.ts'
import { fold } from '../language/fold.ts'
import { findDates } from './dates.ts'
import { isDecimal, MOST_PLACES, MOST_WHOLE_DIGITS } from './decimal.ts'
import { type Field, MOST_TEXT, type Values } from './fields.ts'

/** Why a value was not taken; worded under `report.faults`. */
export type ValueFault =
  | 'missing'
  | 'not_a_number'
  | 'unclear_number'
  | 'too_long'
  | 'not_a_date'
  | 'short_year'
  | 'not_a_choice'
  | 'not_a_photo'

/** `value` in its canonical text ('' for nothing, where nothing is allowed). */
export type ReadValue = { value: string; fault?: never } | { value?: never; fault: ValueFault }

/** Reads one value. Never throws; what cannot be read for certain is a fault, never a guess. */
export function readValue(field: Field, typed: string): ReadValue {
  const text = clean(typed)
  if (text === '') return field.required ? { fault: 'missing' } : { value: '' }
  if (field.type === 'number') return readNumber(text, field.unit)
  if (field.type === 'date') return readDate(text)
  if (field.type === 'choice') return readChoice(text, field.choices)
  if (field.type === 'photo') return readPhotos(text)
  return text.length > MOST_TEXT ? { fault: 'too_long' } : { value: text }
}

/** All values of an answer at once: those that can be sent, and what is wrong with the others, by the field's key. */
export function readValues(
  fields: readonly Field[],
  typed: Readonly<Record<string, string>>,
): { values: Map<string, string>; faults: Map<string, ValueFault> } {
  const values = new Map<string, string>()
  const faults = new Map<string, ValueFault>()
  for (const field of fields) {
    const read = readValue(field, Object.hasOwn(typed, field.key) ? typed[field.key]! : '')
    if (read.fault) faults.set(field.key, read.fault)
    else if (read.value) values.set(field.key, read.value)
  }
  return { values, faults }
}

/** Whether a value that came in an answer is one its field can hold, in the one form it is written in. */
export function isCanonical(field: Field, value: string): boolean {
  if (field.type === 'number') return isDecimal(value)
  if (field.type === 'date') return isIsoDate(value)
  return value !== '' && readValue(field, value).value === value
}

/** The canonical value a person gave for `field`, or undefined when there is none or it is not one. */
export function givenValue(field: Field, values: Values | null): string | undefined {
  const value = values?.get(field.key)
  return value !== undefined && isCanonical(field, value) ? value : undefined
}

const invisible = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g
const gap = '(?:,\\s?|\\s)'
/** ১২,৩৪,৫৬৭ and 1,234,567; blanks may stand where commas do. */
const grouped = new RegExp(`^(?:\\d{1,2}(?:${gap}\\d{2})*${gap}\\d{3}|\\d{1,3}(?:${gap}\\d{3})+)$`)

function readNumber(text: string, unit: string): ReadValue {
  // A danda, a middle dot or the Arabic sign stands where the point should; at the end any of them only ends a sentence.
  const written = withoutUnit(toLatin(text.replace(invisible, '')).replace(/\s*।$/, ''), unit)
    .replace(/(?<=\d)\s?[।৷·٫]\s?(?=\d)/g, '.')
    .replace(/[\u2212\u2010-\u2015]/g, '-')
    .replace(/(?<=\d)\.$/, '')
    .trim()
  const [, sign, whole = '', fraction = ''] = /^([+-]?)\s?([\d,\s]*)(?:\.(\d+))?$/.exec(written) ?? []
  if (sign === undefined || !/\d/.test(written)) {
    const unclear = /\d/.test(written) && /^[-+\d.,\s]+$/.test(written)
    return { fault: unclear ? 'unclear_number' : 'not_a_number' }
  }
  if (!/^\d*$/.test(whole) && !grouped.test(whole)) return { fault: 'unclear_number' }
  const ones = whole.replace(/\D/g, '').replace(/^0+/, '') || '0'
  const places = fraction.replace(/0+$/, '')
  if (ones.length > MOST_WHOLE_DIGITS || places.length > MOST_PLACES) return { fault: 'too_long' }
  const size = places ? `${ones}.${places}` : ones
  return { value: sign === '-' && size !== '0' ? `-${size}` : size }
}

/** What people write around a number without being asked to. */
const marks: Record<string, string[]> = {
  টাকা: ['টাকা', 'টাকা মাত্র', '/-', '/=', '৳', 'tk', 'tk.'],
  '%': ['%', 'শতাংশ', 'ভাগ'],
}

function withoutUnit(text: string, unit: string): string {
  const same = Object.values(marks).find((all) => all.includes(unit)) ?? (unit ? [unit] : [])
  const around = [...same, 'টি', 'টা', ...(unit === '' ? ['জন', '/-', '/='] : [])]
    .map((mark) => mark.normalize('NFC'))
    .sort((a, b) => b.length - a.length)
  let bare = text.normalize('NFC').trim()
  for (const mark of around) {
    if (bare.toLowerCase().endsWith(mark.toLowerCase()) && /\d[\s.]*$/.test(bare.slice(0, -mark.length)))
      bare = bare.slice(0, -mark.length).trim()
    if (bare.toLowerCase().startsWith(mark.toLowerCase()) && /^\s*\d/.test(bare.slice(mark.length)))
      bare = bare.slice(mark.length).trim()
  }
  return bare
}

/** খ্রি:, খ্রিস্টাব্দ, ইং, বঙ্গাব্দ and stops: what may follow a date. */
const era = /^[\s,.:।ঃ]*(?:তারিখ)?[\s,.:।ঃ]*(?:খ্রি(?:স্টাব্দ|ষ্টাব্দ)?|ইং|বঙ্গাব্দ|বাং)?[\s,.:।ঃ]*$/u

function readDate(text: string): ReadValue {
  const latin = toLatin(text.replace(invisible, '')).replace(/[\u2010-\u2015\u2212]/g, '-')
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(latin)
  if (iso) return dateOf(`${iso[1]}-${iso[2]!.padStart(2, '0')}-${iso[3]!.padStart(2, '0')}`)
  if (/^\d{1,2}\s?([-/.])\s?\d{1,2}\s?\1\s?\d{2}$/.test(latin)) return { fault: 'short_year' }
  const [date, second] = findDates(latin)
  if (!date || second || date.start > 0 || !era.test(latin.slice(date.end))) return { fault: 'not_a_date' }
  return dateOf(date.bangla ? gregorianDate(date.bangla) : date.iso)
}

function dateOf(iso: string | null | undefined): ReadValue {
  return iso && isIsoDate(iso) ? { value: iso } : { fault: 'not_a_date' }
}

/** Word for word, else the only choice that is spelt commonly alike. */
function readChoice(text: string, choices: readonly string[]): ReadValue {
  const exact = choices.find((choice) => choice === text) ?? choices.find((choice) => clean(choice) === text)
  if (exact !== undefined) return { value: exact }
  const key = fold(text)
  const alike = key ? choices.filter((choice) => fold(choice) === key) : []
  return alike.length === 1 ? { value: alike[0]! } : { fault: 'not_a_choice' }
}

function readPhotos(text: string): ReadValue {
  const places = text.split(' ').map(Number)
  const rising = places.every((place, i) => Number.isInteger(place) && place > (places[i - 1] ?? 0) && place < 1000)
  return rising ? { value: places.join(' ') } : { fault: 'not_a_photo' }
}

/** Without what nobody typed on purpose: control signs, blanks at the ends, halves of a character. The words stay as written. */
function clean(typed: string): string {
  return (
    typed
      .toWellFormed()
      .replace(/\r\n?/g, '\n')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
      .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, ' ')
      .replace(/[\u00a0\u2002-\u200a\u202f]/g, ' ')
      .trim()
  )
}

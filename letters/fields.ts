/**
 * Asked-for fields (চাওয়া তথ্য): what a directive asks of everyone besides a state, and what was answered. The list
 * travels sealed with the letter (part `fields`), the values sealed with an answer (part `values`).
 */
import type { Cbor } from '../core/cbor.ts'
import { Refusal } from '../core/refusal.ts'

/** Their order is their number in the bytes: never move one. */
export const FIELD_TYPES = ['number', 'date', 'choice', 'text', 'photo'] as const
export type FieldType = (typeof FIELD_TYPES)[number]

export type Field = {
  /** What a value names it by: Latin letters, digits, `_` and `-`, once in a directive. */
  key: string
  /** The label of the clause that asks for it; '' when the letter as a whole does. */
  clause: string
  type: FieldType
  name: string
  /** As said after the number (জন, টাকা, হেক্টর); '' for none. */
  unit: string
  required: boolean
  /** Of a choice, in the order shown; of every other type none. */
  choices: string[]
}

/**
 * What was answered, by a field's key, each in its canonical text: a number `isDecimal`, a date YYYY-MM-DD, a choice as its
 * field words it, photographs as their places among the answer's files from 1 ('1 3'), a text as it was written.
 */
export type Values = ReadonlyMap<string, string>

export const MOST_FIELDS = 40
export const MOST_CHOICES = 40
export const MOST_NAME = 200
export const MOST_TEXT = 2000

/** What is wrong with a list of fields as its maker left it; worded under `report.fieldFaults`. */
export type FieldListFault =
  | 'too_many_fields'
  | 'bad_key'
  | 'key_twice'
  | 'no_name'
  | 'name_twice'
  | 'name_too_long'
  | 'few_choices'
  | 'choice_twice'
  | 'choices_of_no_choice'

/** Everything wrong with a list of fields, by the place in it (-1: the list). Empty when it may be issued. */
export function checkFields(fields: readonly Field[]): { at: number; fault: FieldListFault }[] {
  const faults: { at: number; fault: FieldListFault }[] = []
  if (fields.length > MOST_FIELDS) faults.push({ at: -1, fault: 'too_many_fields' })
  const keys = new Set<string>()
  const names = new Set<string>()
  fields.forEach((field, at) => {
    const add = (fault: FieldListFault) => faults.push({ at, fault })
    const name = `${field.clause}\n${field.name.normalize('NFC').trim()}`
    if (!/^[A-Za-z0-9_-]{1,40}$/.test(field.key)) add('bad_key')
    if (keys.has(field.key)) add('key_twice')
    if (field.name.trim() === '') add('no_name')
    else if (names.has(name)) add('name_twice')
    if ([field.name, field.unit, field.clause, ...field.choices].some((text) => text.length > MOST_NAME))
      add('name_too_long')
    const choices = new Set(field.choices.map((choice) => choice.normalize('NFC').trim()).filter(Boolean))
    if (field.type !== 'choice' && field.choices.length > 0) add('choices_of_no_choice')
    if (field.type === 'choice' && choices.size < field.choices.length) add('choice_twice')
    if (field.type === 'choice' && (choices.size < 2 || field.choices.length > MOST_CHOICES)) add('few_choices')
    keys.add(field.key)
    names.add(name)
  })
  return faults
}

/** `[[key, clause, type 0…4, name, unit, required, [choice…]]…]`, in the order asked. */
export function fieldsToCbor(fields: readonly Field[]): Cbor {
  return fields.map(({ key, clause, type, name, unit, required, choices }) => [
    key,
    clause,
    FIELD_TYPES.indexOf(type),
    name,
    unit,
    required,
    [...choices],
  ])
}

/** Refuses `bad_input` for what `fieldsToCbor` never made of a sound list, `newer_version` for a type we do not know. */
export function fieldsFromCbor(value: Cbor): Field[] {
  const fields = listOf(value, MOST_FIELDS).map(fieldFromCbor)
  const [fault] = checkFields(fields)
  if (fault) throw bad(fault.fault)
  return fields
}

/** `[[key, canonical text]…]` in the order of the fields; what names no field is left out. */
export function valuesToCbor(values: Values, fields: readonly Field[]): Cbor {
  return fields.flatMap(({ key }) => {
    const value = values.get(key)
    return value === undefined || value === '' ? [] : [[key, value]]
  })
}

/**
 * Refuses `bad_input` for another shape. @NOTE The texts are what some device sent: whether each suits its field is for
 * `isCanonical`, which totals ask, so that one bad value spoils neither its answer nor a sum.
 */
export function valuesFromCbor(value: Cbor): Map<string, string> {
  const values = new Map<string, string>()
  for (const pair of listOf(value, MOST_FIELDS)) {
    const [key, text, ...more] = listOf(pair, 2)
    if (typeof key !== 'string' || typeof text !== 'string' || more.length > 0) throw bad('not a key and a text')
    if (text.length > MOST_TEXT) throw bad('a value too long')
    if (values.has(key)) throw bad('a key twice')
    values.set(key, text)
  }
  return values
}

function fieldFromCbor(value: Cbor): Field {
  const [key, clause, type, name, unit, required, choices, ...more] = listOf(value, 7)
  if (more.length > 0 || typeof required !== 'boolean' || typeof type !== 'number' || choices === undefined)
    throw bad('not a field')
  const known = FIELD_TYPES[type]
  if (!known) throw new Refusal('newer_version', `No field of type ${type} is known`)
  return {
    key: textOf(key),
    clause: textOf(clause),
    type: known,
    name: textOf(name),
    unit: textOf(unit),
    required,
    choices: listOf(choices, MOST_CHOICES).map(textOf),
  }
}

function listOf(value: Cbor | undefined, most: number): Cbor[] {
  if (!Array.isArray(value) || value.length > most) throw bad('not a list, or too long a one')
  return value
}

function textOf(value: Cbor | undefined): string {
  if (typeof value !== 'string') throw bad('not a text')
  return value
}

function bad(why: string): Refusal {
  return new Refusal('bad_input', `Asked-for fields: ${why}`)
}

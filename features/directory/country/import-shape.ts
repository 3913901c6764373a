import * as v from 'valibot'
import { toLatin } from '../../../language/digits.ts'

/**
 * The plan of a service: what the shipped country is built as, and what an operator brings of his own. It is a
 * proposal only; every office, post, person and holding in it becomes a signed item before anybody believes it.
 */
export type Import = {
  service: { bn: string; en: string }
  offices: ImportOffice[]
  posts: ImportPost[]
  people: ImportPerson[]
}

export type ImportOffice = {
  code: string
  bn: string
  en: string
  /** What letters also call it: short names, other spellings. Never a misprint. */
  alt?: string[]
  /** A word of the operator's choice; `wing`, `branch` and `section` mark a unit inside the office above it. */
  kind: string
  /** The code of the office above. */
  parent?: string
  /** The code of a place in `data/geo.json`. */
  place?: string
}

export type ImportPost = {
  code: string
  /** What all posts of this sort share, such as `uno`: "(সকল)" in a letter means everyone of a role. */
  role: string
  bn: string
  en: string
  alt?: string[]
  /** The code of the office it belongs to: the one a letter names. */
  office: string
  /** The code of the post that supervises it. Exactly one post of a service has none. */
  supervisor?: string
  place?: string
  /** The code of the unit within the office: an office of kind `wing`, `branch` or `section`. */
  wing?: string
  /** Its place in the directory of its office, from 1. */
  order: number
  /** Whether directives may be issued from it. */
  mayIssue: boolean
}

export type ImportPerson = {
  code: string
  bn: string
  en: string
  posts: ImportHolding[]
}

export type ImportHolding = {
  post: string
  charge: Charge
  /** The memo number of the order that gave the charge. */
  order?: string
}

export type Charge = (typeof charges)[number]

/** The ways a person may hold a post, as the posting orders name them. */
export const charges = [
  'regular',
  'additional',
  'current',
  'routine',
  'attached',
  'deputation',
  'osd',
  'in-charge',
  'contractual',
] as const

/** Office kinds that are units inside another office: letters name the office, and the unit only in brackets. */
export const unitKinds: readonly string[] = ['wing', 'branch', 'section']

// The messages of these schemas are the fault codes of faults.ts.
const code = v.pipe(
  v.string('not_text'),
  v.transform((text) => toLatin(text.trim())),
  v.minLength(1, 'missing'),
  v.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'bad_code'),
  v.maxLength(64, 'too_long'),
)

/** A name as people read it: NFC, so that one name has one spelling in bytes; no line breaks or other controls. */
const name = v.pipe(
  v.string('not_text'),
  v.transform((text) => text.trim().normalize('NFC')),
  v.minLength(1, 'missing'),
  v.maxLength(200, 'too_long'),
  v.check((text) => !/[\p{Cc}\p{Cs}\p{Co}\uFFFD]/u.test(text), 'bad_character'),
)

const alt = v.pipe(v.array(name, 'not_text'), v.maxLength(20, 'too_many'))

const holding = v.strictObject(
  {
    post: code,
    charge: v.picklist(charges, 'bad_charge'),
    order: v.optional(name),
  },
  'not_object',
)

export const officeShape = v.strictObject(
  {
    code,
    bn: name,
    en: name,
    alt: v.optional(alt),
    kind: code,
    parent: v.optional(code),
    place: v.optional(code),
  },
  'not_object',
)

export const postShape = v.strictObject(
  {
    code,
    role: code,
    bn: name,
    en: name,
    alt: v.optional(alt),
    office: code,
    supervisor: v.optional(code),
    place: v.optional(code),
    wing: v.optional(code),
    order: v.pipe(
      v.number('bad_number'),
      v.integer('bad_number'),
      v.minValue(1, 'bad_number'),
      v.maxValue(1e6, 'bad_number'),
    ),
    mayIssue: v.boolean('bad_yes_no'),
  },
  'not_object',
)

export const personShape = v.strictObject(
  {
    code,
    bn: name,
    en: name,
    posts: v.pipe(v.array(holding, 'not_list'), v.maxLength(50, 'too_many')),
  },
  'not_object',
)

export const serviceShape = v.strictObject({ bn: name, en: name }, 'not_object')

/** How values of PostgreSQL become values here. What is not listed keeps `pg`'s own reading. */
import pg from 'pg'

const INT8 = 20
const BYTEA = 17
const DATE = 1082
const INT8_ARRAY = 1016
const BYTEA_ARRAY = 1001
const DATE_ARRAY = 1182
const TEXT_ARRAY = 1009

const textArray = pg.types.getTypeParser(TEXT_ARRAY as never, 'text') as (text: string) => unknown

const own = new Map<number, (text: string) => unknown>([
  [INT8, toNumber],
  [BYTEA, toBytes],
  [DATE, (text) => text], // pg's own reading is midnight in the machine's zone: another day elsewhere
  [INT8_ARRAY, (text) => each(textArray(text), toNumber)],
  [BYTEA_ARRAY, (text) => each(textArray(text), toBytes)],
  [DATE_ARRAY, textArray],
])

export const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    (format !== 'binary' && own.get(oid)) || pg.types.getTypeParser(oid, format as 'text')) as never,
}

/** int8 as a number; throws beyond 2^53 rather than round. */
function toNumber(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`int8 too large for a number: ${text}`)
  return value
}

/** bytea in PostgreSQL's hex form as bytes of their own, not a view into the driver's buffer. */
function toBytes(text: string): Uint8Array<ArrayBuffer> {
  if (!text.startsWith('\\x')) throw new Error('bytea_output must be hex')
  return Uint8Array.fromHex(text.slice(2))
}

function each(value: unknown, convert: (text: string) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => each(item, convert))
  return value === null ? null : convert(value as string)
}

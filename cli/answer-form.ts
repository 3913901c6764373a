import { basename, extname } from 'node:path'
import type { SmarakClient } from '../client/client.ts'
import type { AnswerState, ClauseAsk, DirectiveDetail, KeptFile } from '../client/views.ts'
import { MAX_FILE } from '../core/file.ts'
import { Refusal } from '../core/refusal.ts'
import { amended } from '../features/directives/web/amended.ts'
import { fieldsFor } from '../features/directives/web/answering.ts'
import { fieldsIn } from '../features/directives/web/asked-fields.ts'
import { type Lang, toLatin } from '../language/digits.ts'
import { say } from '../language/words.ts'
import type { Field } from '../letters/fields.ts'
import { readValue } from '../letters/fields-read.ts'
import { type Args, type Io, Usage } from './command.ts'

/** As many as a screen takes; an answer holds a few more. */
const MOST_FILES = 10

/** The fields that an answer to these clauses fills in, as the letter stands after its amendments. */
export function askedBy(
  { parts, changes, clauses }: Pick<DirectiveDetail, 'parts' | 'changes' | 'clauses'>,
  labels: readonly string[],
): Field[] {
  const answered = labels.flatMap((label): ClauseAsk[] => clauses.filter((clause) => clause.label === label))
  const fields = fieldsIn(amended(parts ?? [], changes).parts)
  return fieldsFor(fields, answered, clauses).map(({ field }) => field)
}

/** What `--value KEY=VALUE` says, by the key or the name of a field. Throws `Usage('bad_value')` without a sign of equality. */
export function typedIn(args: Args): [name: string, typed: string][] {
  return args.all('value').map((value) => {
    const at = value.indexOf('=')
    if (at < 1) throw new Usage('bad_value', { option: '--value', value })
    return [value.slice(0, at).normalize('NFC').trim(), value.slice(at + 1)]
  })
}

/**
 * Those values in canonical form, by key; of a photograph the places among the `files` it was taken for, from 1. Throws `Refusal`:
 * `no_such_field`, `unfit_values` with what is wrong with each, `fields_asked` naming those without which these clauses are not
 * complied with: whoever reads the answer would take it for whole.
 */
export function valuesOf(
  typed: readonly [name: string, typed: string][],
  asked: readonly Field[],
  { state, files, lang }: { state: AnswerState; files: number; lang: Lang },
): Record<string, string> {
  const given = new Map<string, string>()
  for (const [name, value] of typed) {
    const field = asked.find(({ key }) => key === name) ?? asked.find((one) => one.name.normalize('NFC') === name)
    if (!field) throw new Refusal('no_such_field', `No field ${name}`, { field: name, fields: namesOf(asked) })
    given.set(field.key, value)
  }
  const [values, faults]: [Record<string, string>, string[]] = [{}, []]
  for (const field of asked) {
    const value = given.get(field.key) ?? ''
    const read = readValue({ ...field, required: false }, field.type === 'photo' ? placesIn(value) : value)
    const places = field.type === 'photo' && read.value ? read.value.split(' ') : []
    const fault = read.fault ?? (places.some((place) => Number(place) > files) ? 'not_a_photo' : undefined)
    if (fault) faults.push(`${field.name}: ${say(lang, `report.faults.${fault}`)}`)
    else if (read.value) values[field.key] = read.value
  }
  if (faults.length > 0) throw new Refusal('unfit_values', 'Values that do not fit', { faults })
  const complied = state === 'done' || state === 'kept'
  const missing = asked.filter(({ key, required }) => complied && required && values[key] === undefined)
  if (missing.length === 0) return values
  throw new Refusal('fields_asked', 'Values are asked for', { fields: namesOf(missing), option: '--value KEY=VALUE' })
}

/** Seals what `--file PATH` names. Throws `Refusal`: `too_many_files`, `file_missing`, `file_too_large`, `device_full`. */
export async function filesIn(args: Args, io: Io, client: SmarakClient): Promise<KeptFile[]> {
  const paths = requireFew(args)
  // All are read before any is sealed: of what cannot be read nothing is left behind.
  const read = await Promise.all(paths.map(async (path) => ({ path, bytes: await io.readFile(path, MAX_FILE) })))
  const files: KeptFile[] = []
  for (const { path, bytes } of read)
    files.push(await client.addFile({ name: basename(path), type: typeOf(path), bytes: new Uint8Array(bytes) }))
  return files
}

/** The paths of `--file`, in their order. Throws `Refusal('too_many_files')`. */
export function requireFew(args: Args): readonly string[] {
  const paths = args.all('file')
  if (paths.length > MOST_FILES) throw new Refusal('too_many_files', 'Too many files', { most: MOST_FILES })
  return paths
}

/** "n (আশ্রিত মানুষ)", one after the other. */
function namesOf(fields: readonly Field[]): string {
  return fields.map(({ key, name }) => `${key} (${name})`).join(', ')
}

function placesIn(typed: string): string {
  return toLatin(typed)
    .split(/[\s,]+/)
    .filter(Boolean)
    .join(' ')
}

const TYPES: Record<string, string> = {
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.pdf': 'application/pdf',
  '.txt': 'text/plain',
  '.csv': 'text/csv',
}

/** By the name's ending, as a browser goes by it. */
function typeOf(path: string): string {
  return TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream'
}

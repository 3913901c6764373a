import { type Bytes, fromBase64url, randomBytes, toBase64url, utf8 } from '../../core/bytes.ts'
import type { Cbor, CborMap } from '../../core/cbor.ts'
import { sha256 } from '../../core/hash.ts'
import { type Draft, ID_LENGTH } from '../../core/item.ts'
import type { ImportHolding, ImportOffice, ImportPerson, ImportPost } from './country/import-shape.ts'
import type { Holding, Id, Office, Person, Post, Power } from './model.ts'

/**
 * What makes a directory out of a plan, as drafts to be signed. Ids come from the service and the plan's codes, so that the
 * same import sent twice is the same items, and codes can refer to parties before they exist.
 */
export type DirectoryDraft = Pick<Draft, 'kind' | 'id' | 'time' | 'fields'>

/** One service's import at one time: both stand in every draft, so both are kept until the import is through. */
export type ImportKey = { service: Bytes; time: number }

/** The id an import gives what it makes. `kind` and `code` name it within the service. */
export function importId({ service }: Pick<ImportKey, 'service'>, kind: string, code: string): Bytes {
  return sha256(utf8('import/v1'), service, utf8(`${kind} ${code}`)).slice(0, ID_LENGTH)
}

export function officeDraft(key: ImportKey, { code, bn, en, kind, parent, place, alt }: ImportOffice): DirectoryDraft {
  const above = parent === undefined ? null : importId(key, 'office', parent)
  return draft(key, 'office', code, [null, code, bn, en, kind, above, place ?? null, alt ?? [], false])
}

export function postDraft(key: ImportKey, post: ImportPost): DirectoryDraft {
  const { code, role, bn, en, office, supervisor, place, wing, order, mayIssue, alt } = post
  const above = supervisor === undefined ? null : importId(key, 'post', supervisor)
  const within = importId(key, 'office', office)
  const fields = [
    null,
    code,
    role,
    bn,
    en,
    within,
    above,
    place ?? null,
    wing ?? null,
    order,
    mayIssue,
    alt ?? [],
    false,
  ]
  return draft(key, 'post', code, fields)
}

export function personDraft(key: ImportKey, { code, bn, en }: ImportPerson): DirectoryDraft {
  return draft(key, 'person', code, [null, code, bn, en])
}

/** An office as it is from now on; Another item each time it is made. */
export function officeChange(
  time: number,
  { id, code, name, kind, parent, place, alt, abolished }: Office,
): DirectoryDraft {
  const above = parent && fromBase64url(parent)
  return change('office', id, time, [code, name.bn, name.en, kind, above, place, alt, abolished])
}

/** A post likewise. Who holds it stays as it is. */
export function postChange(time: number, post: Omit<Post, 'holders'>): DirectoryDraft {
  const { id, code, role, name, office, supervisor, place, wing, order, mayIssue, alt, abolished } = post
  const above = supervisor && fromBase64url(supervisor)
  const within = fromBase64url(office)
  const fields = [code, role, name.bn, name.en, within, above, place, wing, order, mayIssue, alt, abolished]
  return change('post', id, time, fields)
}

/** A person likewise. */
export function personChange(time: number, { id, code, name }: Omit<Person, 'devices'>): DirectoryDraft {
  return change('person', id, time, [code, name.bn, name.en])
}

function change(kind: string, party: Id, time: number, fields: Cbor[]): DirectoryDraft {
  return { kind, id: randomBytes(ID_LENGTH), time, fields: fieldMap([fromBase64url(party), ...fields]) }
}

/** The id of an appointment an import makes: what the holder's items name from then on. */
export function appointmentId(key: Pick<ImportKey, 'service'>, person: string, post: string, from: string): Bytes {
  return importId(key, 'appoint', `${person} ${post} ${from}`)
}

/** The id of a charge given later, by itself, to who held the post `times` times before. */
export function chargeId(
  key: Pick<ImportKey, 'service'>,
  person: string,
  post: string,
  from: string,
  times: number,
): Bytes {
  return importId(key, 'appoint', `${person} ${post} ${from} ${times}`)
}

/** The id of what a hand makes about a charge for the time of an absence; of another hand, or another day, it is another act. */
export function actingId(key: Pick<ImportKey, 'service'>, hand: Bytes, what: string): Bytes {
  return importId(key, 'acting', `${toBase64url(hand)} ${what}`)
}

/** `from` is the ISO date the charge is said to begin. */
export function appointDraft(
  key: ImportKey,
  person: string,
  { post, charge, order }: ImportHolding,
  from: string,
): DirectoryDraft {
  const fields = [importId(key, 'person', person), importId(key, 'post', post), charge, from, order ?? null]
  return draft(key, 'appoint', `${person} ${post} ${from}`, fields)
}

/** Ends a charge as of the ISO date `to`; `order` is the memo number of the order that says so. */
export function endDraft(
  key: ImportKey,
  { appointment, post }: Pick<Holding, 'appointment' | 'post'>,
  to: string,
  order: string | null,
): DirectoryDraft {
  return draft(key, 'end', appointment, [fromBase64url(appointment), to, order, fromBase64url(post)])
}

/** The first item of a log: names both root keys, the log's own key and its origin. */
export function rootDraft(
  key: ImportKey,
  name: { bn: string; en: string },
  rootKeys: [Bytes, Bytes],
  logKey: Bytes,
  origin: string,
): DirectoryDraft {
  return draft(key, 'root', 'root', [name.bn, name.en, rootKeys, logKey, origin])
}

/** Approves the item answered with this index and leaf; `chain` is the one it stands in. */
export function approveDraft(key: ImportKey, index: number, leafHash: Bytes, chain: Bytes): DirectoryDraft {
  return draft(key, 'approve', `${index}`, [index, leafHash, chain])
}

export function delegateDraft(key: ImportKey, post: string, powers: Power[], office: Id | null): DirectoryDraft {
  const fields = [importId(key, 'post', post), powers, office && fromBase64url(office)]
  return draft(key, 'delegate', post, fields)
}

/** Field values in order of their keys, from 1. */
export function fieldMap(values: Cbor[]): CborMap {
  return new Map(values.map((value, index) => [index + 1, value]))
}

function draft(key: ImportKey, kind: string, code: string, values: Cbor[]): DirectoryDraft {
  return { kind, id: importId(key, kind, code), time: key.time, fields: fieldMap(values) }
}

/** Things above before things below them, so that each names what is already there. Order is otherwise kept. */
export function aboveFirst<T extends { code: string }>(list: T[], above: (one: T) => string | undefined): T[] {
  const byCode = new Map(list.map((one) => [one.code, one]))
  const placed = new Set<T>()
  const place = (one: T | undefined): void => {
    if (!one || placed.has(one)) return
    const upper = above(one)
    if (upper !== undefined) place(byCode.get(upper))
    placed.add(one)
  }
  for (const one of list) place(one)
  return [...placed]
}

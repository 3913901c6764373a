import { fromBase64url } from '../../../core/bytes.ts'
import { partyChain } from '../../../core/chain.ts'
import { Fields } from '../../../core/fields.ts'
import type { Header } from '../../../core/item.ts'
import { Refusal } from '../../../core/refusal.ts'
import type { Directory } from '../directory.ts'
import { type Id, type Office, type Person, type Post, RECORD_ROOM } from '../model.ts'
import { partyOrNew } from './service.ts'
import { type DirectoryKind, linkAuthor, requirePower } from './two-hands.ts'

type Changed<T> = T & { isNew: boolean }

const MOST_ALTERNATIVES = 20
const text = (value: unknown) => {
  if (typeof value !== 'string' || value.length > 200)
    throw new Refusal('bad_input', 'An alternative name should be text')
  return value
}

/** `office`: makes an office, or changes one. */
export const office: DirectoryKind<Changed<Office>> = {
  name: 'office',
  read({ header }) {
    const fields = new Fields('office', header.fields)
    const entry = {
      ...partyOrNew(fields, 1, header.id),
      code: fields.text(2, 100),
      name: { bn: fields.text(3), en: fields.text(4) },
      kind: fields.text(5, 50),
      parent: fields.idOrNull(6),
      place: fields.textOrNull(7, 20),
      alt: fields.list(8, MOST_ALTERNATIVES, text),
      abolished: fields.flag(9),
    }
    fields.end()
    return entry
  },
  chain: ({ id }) => partyChain(fromBase64url(id)),
  authority: (entry, header, { directory }, at) => requirePower(header, directory, 'register', entry.parent, at),
  rule({ id, isNew, code, parent, abolished }, _header, { directory }) {
    requireKnown(isNew || directory.office(id), 'office')
    requireKnown(parent === null || directory.office(parent), 'office above')
    requireFreeCode(directory, 'office', code, id)
    if (!abolished) return
    for (const one of directory.offices()) if (one.parent === id) requireAbolished(one)
    for (const one of directory.posts()) if (one.office === id) requireAbolished(one)
  },
  apply({ isNew: _, ...entry }, header, place, { directory }) {
    directory.setOffice(entry)
    linkAuthor(header, entry.id, directory)
    directory.advance(place.index)
  },
}

/** `post`: makes a post, or changes one; who holds it is not said here. */
export const post: DirectoryKind<Changed<Omit<Post, 'holders'>>> = {
  name: 'post',
  read({ header }) {
    const fields = new Fields('post', header.fields)
    const entry = {
      ...partyOrNew(fields, 1, header.id),
      code: fields.text(2, 100),
      role: fields.text(3, 100),
      name: { bn: fields.text(4), en: fields.text(5) },
      office: fields.id(6),
      supervisor: fields.idOrNull(7),
      place: fields.textOrNull(8, 20),
      wing: fields.textOrNull(9, 200),
      order: fields.count(10),
      mayIssue: fields.flag(11),
      alt: fields.list(12, MOST_ALTERNATIVES, text),
      abolished: fields.flag(13),
    }
    fields.end()
    return entry
  },
  chain: ({ id }) => partyChain(fromBase64url(id)),
  authority: (entry, header, { directory }, at) => requirePower(header, directory, 'register', entry.office, at),
  rule({ id, isNew, code, office: within, supervisor, abolished }, _header, { directory }) {
    requireKnown(isNew || directory.post(id), 'post')
    requireKnown(directory.office(within), 'office')
    requireKnown(supervisor === null || directory.post(supervisor), 'supervising post')
    requireFreeCode(directory, 'post', code, id)
    for (let above = supervisor; above !== null; above = directory.post(above)?.supervisor ?? null) {
      if (above === id) throw new Refusal('bad_input', 'A post cannot supervise itself')
    }
    if (!abolished) return
    // Somebody reads for every post: its holder, who is above it, or at the top the record room.
    const known = directory.post(id)
    if (known && (known.holders.length > 0 || known.role === RECORD_ROOM)) requireAbolished(known)
    for (const one of directory.posts()) if (one.supervisor === id) requireAbolished(one)
  },
  apply({ isNew: _, ...entry }, header, place, { directory }) {
    directory.setPost({ ...entry, holders: directory.post(entry.id)?.holders ?? [] })
    linkAuthor(header, entry.id, directory)
    directory.advance(place.index)
  },
}

/** `person`: makes a person, or corrects a name. */
export const person: DirectoryKind<Changed<Omit<Person, 'devices'>>> = {
  name: 'person',
  read({ header }) {
    const fields = new Fields('person', header.fields)
    const entry = {
      ...partyOrNew(fields, 1, header.id),
      code: fields.text(2, 100),
      name: { bn: fields.text(3), en: fields.text(4) },
    }
    fields.end()
    return entry
  },
  chain: ({ id }) => partyChain(fromBase64url(id)),
  authority: (_entry, header: Header, { directory }, at) => requirePower(header, directory, 'register', null, at),
  rule({ id, isNew, code }, _header, { directory }) {
    requireKnown(isNew || directory.person(id), 'person')
    requireFreeCode(directory, 'person', code, id)
  },
  apply({ isNew: _, ...entry }, header, place, { directory }) {
    directory.setPerson({ ...entry, devices: directory.person(entry.id)?.devices ?? [] })
    linkAuthor(header, entry.id, directory)
    directory.advance(place.index)
  },
}

function requireKnown(found: unknown, what: string): void {
  if (!found) throw new Refusal('not_found', `No such ${what}`, { what })
}

/** Of what a party that is abolished would leave behind. Throws `Refusal('still_in_use')`. */
function requireAbolished({ code, abolished }: Office | Post): void {
  if (!abolished) throw new Refusal('still_in_use', `${code} is still there`, { code })
}

function requireFreeCode(directory: Directory, kind: 'office' | 'post' | 'person', code: string, id: Id): void {
  const holder = directory.byCode(kind, code)
  if (holder !== undefined && holder !== id) throw new Refusal('already_done', `The code ${code} is taken`, { code })
}

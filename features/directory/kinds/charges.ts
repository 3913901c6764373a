import { fromBase64url, toBase64url } from '../../../core/bytes.ts'
import { partyChain } from '../../../core/chain.ts'
import { Fields } from '../../../core/fields.ts'
import { Refusal } from '../../../core/refusal.ts'
import type { Id } from '../model.ts'
import { awaitApproval, type DirectoryKind, linkAuthor, requirePower } from './two-hands.ts'

const DATE = /^\d{4}-\d{2}-\d{2}$/

type Appoint = { appointment: Id; person: Id; post: Id; charge: string; from: string; memo: string | null }

/** `appoint`: gives a person a post, by a charge, from a date; takes effect when a second hand approves. */
export const appoint: DirectoryKind<Appoint> = {
  name: 'appoint',
  read({ header }) {
    const fields = new Fields('appoint', header.fields)
    const entry = {
      appointment: toBase64url(header.id),
      person: fields.id(1),
      post: fields.id(2),
      charge: fields.text(3, 40),
      from: fields.text(4, 10),
      memo: fields.textOrNull(5, 200),
    }
    fields.end()
    if (!DATE.test(entry.from)) throw fields.bad(4, 'a date')
    return entry
  },
  chain: ({ post }) => partyChain(fromBase64url(post)),
  authority(entry, header, { directory }, at) {
    requirePower(header, directory, 'make', directory.post(entry.post)?.office ?? null, at)
  },
  rule({ person, post }, _header, { directory }) {
    if (!directory.person(person)) throw new Refusal('not_found', 'No such person', { what: 'person' })
    const to = directory.post(post)
    if (!to || to.abolished) throw new Refusal('not_found', 'No such post', { what: 'post' })
    if (directory.holds(person, post)) throw new Refusal('already_done', 'That person holds that post')
  },
  apply(entry, header, place, { directory }) {
    linkAuthor(header, entry.post, directory)
    directory.link(entry.post, entry.person)
    awaitApproval(header, place, partyChain(fromBase64url(entry.post)), directory, 'check', (then, at) =>
      then.appoint({ ...entry, since: at, until: null }),
    )
    directory.advance(place.index)
  },
}

type End = { appointment: Id; to: string; memo: string | null; post: Id }

/** `end`: ends a holding; takes effect when a second hand approves. The post's ring is stale from there on. */
export const end: DirectoryKind<End> = {
  name: 'end',
  read({ header }) {
    const fields = new Fields('end', header.fields)
    const entry = {
      appointment: fields.id(1),
      to: fields.text(2, 10),
      memo: fields.textOrNull(3, 200),
      post: fields.id(4),
    }
    fields.end()
    if (!DATE.test(entry.to)) throw fields.bad(2, 'a date')
    return entry
  },
  chain: ({ post }) => partyChain(fromBase64url(post)),
  authority(entry, header, { directory }, at) {
    requirePower(header, directory, 'make', directory.post(entry.post)?.office ?? null, at)
  },
  rule({ appointment, post }, _header, { directory }) {
    const holding = directory.holding(appointment)
    if (!holding || holding.post !== post) throw new Refusal('not_found', 'No such holding', { what: 'holding' })
    if (holding.until !== null) throw new Refusal('already_done', 'That holding has ended')
  },
  apply(entry, header, place, { directory }) {
    linkAuthor(header, entry.post, directory)
    awaitApproval(header, place, partyChain(fromBase64url(entry.post)), directory, 'check', (then, at) =>
      then.endHolding(entry.appointment, at),
    )
    directory.advance(place.index)
  },
}

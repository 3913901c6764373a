import { type Bytes, fromBase64url, toBase64url } from '../../../core/bytes.ts'
import { type Cbor, decode, encode } from '../../../core/cbor.ts'
import { partyChain } from '../../../core/chain.ts'
import { Fields } from '../../../core/fields.ts'
import type { Header } from '../../../core/item.ts'
import { ENCAPSULATION_LENGTH, isKemKey } from '../../../core/kem.ts'
import { Refusal } from '../../../core/refusal.ts'
import type { Grant } from '../../../core/ring.ts'
import type { Directory } from '../directory.ts'
import type { Id, Member } from '../model.ts'
import type { DirectoryKind } from './two-hands.ts'

const MOST_MEMBERS = 50

type RingEntry = {
  party: Id
  generation: number
  members: Member[]
  publicKey: Bytes
  previous: Bytes
  grants: Grant[]
}

/** The sections of a `ring` item: its public key, the seed before (or nothing), and the seed granted to each member. */
export function ringBody(publicKey: Bytes, previous: Bytes, grants: Grant[]): Bytes[] {
  return [publicKey, previous, encode(grants.map((g): Cbor => [g.member, g.memberGeneration, g.enc, g.ct]))]
}

/** Throws `Refusal('bad_bytes')`. */
export function readGrants(section: Bytes): Grant[] {
  const list = decode(section)
  if (!Array.isArray(list) || list.length > MOST_MEMBERS) throw new Refusal('bad_bytes', 'Not a list of grants')
  return list.map((value) => {
    const [member, memberGeneration, enc, ct] = Array.isArray(value) ? value : []
    if (member instanceof Uint8Array && typeof memberGeneration === 'number')
      if (enc instanceof Uint8Array && enc.length === ENCAPSULATION_LENGTH && ct instanceof Uint8Array)
        return { member, memberGeneration, enc, ct }
    throw new Refusal('bad_bytes', 'Not a grant')
  })
}

/**
 * `ring`: a person's or a post's next generation, written by one entitled to read it: a live device of the person, or a
 * current holder of the post. Its members are the directory's, no more and no fewer among those who can be granted.
 */
export const ring: DirectoryKind<RingEntry> = {
  name: 'ring',
  read({ header, body }) {
    const fields = new Fields('ring', header.fields)
    const party = fields.id(1)
    const generation = fields.count(2)
    const members = fields.list(3, MOST_MEMBERS, readMember)
    fields.end()
    const [publicKey, previous, grants] = body
    if (body.length !== 3 || !publicKey || !isKemKey(publicKey)) throw fields.bad(0, 'a key, a seed and grants')
    return { party, generation, members, publicKey, previous: previous!, grants: readGrants(grants!) }
  },
  chain: ({ party }) => partyChain(fromBase64url(party)),
  authority(entry, header, { directory }, at) {
    const author = directory.author(header, at.index)
    const isPerson = author.person === entry.party
    if (!isPerson && !directory.holds(author.person, entry.party)) {
      throw new Refusal('not_allowed', 'Only who reads for a party makes its ring')
    }
    const wanted = entitled(directory, entry.party)
    const given = new Set(entry.members.map((member) => member.id))
    if (given.size !== wanted.length || !wanted.every((id) => given.has(id))) {
      throw new Refusal('wrong_members', 'The members are not those of the directory')
    }
    if (!given.has(isPerson ? author.device : author.person)) {
      throw new Refusal('not_allowed', 'The author is not a member himself')
    }
  },
  rule(entry, _header, { directory }) {
    const current = directory.ring(entry.party)?.generation ?? 0
    if (entry.generation !== current + 1) throw new Refusal('already_done', 'That generation is not the next')
    const granted = new Set(entry.grants.map((grant) => toBase64url(grant.member)))
    for (const { id, generation } of entry.members) {
      if (!granted.has(id)) throw new Refusal('wrong_members', 'A member without a grant')
      if ((directory.ring(id)?.generation ?? 0) !== generation) throw new Refusal('stale_ring', 'A member has moved on')
    }
  },
  apply({ party, generation, members, publicKey, previous }, header, place, { directory }) {
    linkHolder(header, party, directory)
    const keys = directory.keepsKeys ? { publicKey } : {}
    const since = (previous.length > 0 && directory.ring(party)?.since) || place.index
    directory.setRing({ party, generation, members, index: place.index, since, ...keys })
    directory.advance(place.index)
  },
}

type GrantEntry = { party: Id; generation: number; member: Id; memberGeneration: number; enc: Bytes; ct: Bytes }

/**
 * `grant`: lets one more member read a ring's current generation: a new device of one's own, a second holder, a successor
 * (whose own device then makes the next generation). Written by a member of that generation.
 */
export const grant: DirectoryKind<GrantEntry> = {
  name: 'grant',
  read({ header, body }) {
    const fields = new Fields('grant', header.fields)
    const party = fields.id(1)
    const generation = fields.count(2)
    const member = toBase64url(fields.bytes(3))
    const memberGeneration = fields.count(4)
    fields.end()
    const [enc, ct] = body
    if (body.length !== 2 || enc?.length !== ENCAPSULATION_LENGTH || !ct) throw fields.bad(0, 'a sealed seed')
    return { party, generation, member, memberGeneration, enc, ct }
  },
  chain: ({ party }) => partyChain(fromBase64url(party)),
  authority(entry, header, { directory }, at) {
    const author = directory.author(header, at.index)
    const own = directory.ring(entry.party)
    const reads = own?.members.some(({ id }) => id === author.device || id === author.person)
    if (!reads) throw new Refusal('not_allowed', 'Only a member grants')
    if (!mayRead(directory, entry.party, entry.member))
      throw new Refusal('wrong_members', 'Not entitled to read that ring')
  },
  rule(entry, _header, { directory }) {
    if (directory.ring(entry.party)?.generation !== entry.generation)
      throw new Refusal('stale_ring', 'Not the current one')
    const current = directory.ring(entry.member)?.generation ?? 0
    if (current !== entry.memberGeneration) throw new Refusal('stale_ring', 'The member has moved on')
  },
  apply({ party, member, memberGeneration }, header, place, { directory }) {
    linkHolder(header, party, directory)
    const own = directory.ring(party)
    if (own) {
      const others = own.members.filter(({ id }) => id !== member)
      directory.setRing({ ...own, members: [...others, { id: member, generation: memberGeneration }] })
    }
    directory.advance(place.index)
  },
}

function readMember(value: Cbor): Member {
  const [id, generation] = Array.isArray(value) ? value : []
  if (!(id instanceof Uint8Array) || typeof generation !== 'number') throw new Refusal('bad_input', 'Not a member')
  return { id: toBase64url(id), generation }
}

/** Who must be in a party's next ring: a person's live devices, or a post's holders who have a fresh ring of their own. */
export function entitled(directory: Directory, party: Id): Id[] {
  const post = directory.post(party)
  if (!post) return (directory.person(party)?.devices ?? []).filter((device) => directory.isLive(device))
  return post.holders.map(({ person }) => person).filter((id) => directory.ring(id) && !directory.isStale(id))
}

function mayRead(directory: Directory, party: Id, member: Id): boolean {
  return directory.post(party) ? directory.holds(member, party) : directory.device(member)?.person === party
}

/** A ring made by a former holder is proven by his chain, which the appointment has linked already; this keeps it true. */
function linkHolder(header: Header, party: Id, directory: Directory): void {
  const person = directory.device(toBase64url(header.signer.id))?.person
  if (person && person !== party) directory.link(party, person)
}

import type { Id, Member, Person, Post, Ring } from './model.ts'

/** What staleness and cover look at; the `Directory` gives it. */
export type Reading = {
  post(id: Id): Post | undefined
  person(id: Id): Person | undefined
  ring(party: Id): Ring | undefined
  isLive(device: Id): boolean
  recordRoom(): Post | undefined
}

/**
 * R1: a ring is stale when a member was removed (a device revoked, a holder gone), or a member's own ring is stale or has
 * moved on. Additions never make a ring stale. A party without a ring is not stale: it has nothing to seal to.
 */
export function isStale(reading: Reading, ring: Ring): boolean {
  const post = reading.post(ring.party)
  if (!post) return ring.members.some((device) => !reading.isLive(device.id))
  return ring.members.some((member) => {
    if (!post.holders.some((holding) => holding.person === member.id)) return true
    return !isCurrent(reading, member)
  })
}

/** Whether a member's ring is still of this generation and itself fresh. */
function isCurrent(reading: Reading, member: Member): boolean {
  const own = reading.ring(member.id)
  return own !== undefined && own.generation === member.generation && !isStale(reading, own)
}

/**
 * R2: the rings an item for this party must be wrapped to. A post: its ring, unless stale, and every holder not granted
 * in it; when nobody holds or reads it, its supervisor, and so on to the record room. Never a stale ring.
 * @returns members without repeats; empty only when not even the record room can read
 */
export function cover(reading: Reading, party: Id): Member[] {
  const visited = new Set<Id>()
  const first = reading.post(party)
  if (!first) return coverPerson(reading, party)
  for (let post: Post | undefined = first; post && !visited.has(post.id); post = nextReader(reading, post, visited)) {
    visited.add(post.id)
    const members = coverPost(reading, post)
    if (members.length > 0) return members
  }
  return []
}

function nextReader(reading: Reading, post: Post, visited: Set<Id>): Post | undefined {
  const above = post.supervisor === null ? undefined : reading.post(post.supervisor)
  return above && !visited.has(above.id) ? above : reading.recordRoom()
}

function coverPost(reading: Reading, post: Post): Member[] {
  if (post.abolished) return []
  const ring = reading.ring(post.id)
  const fresh = ring && !isStale(reading, ring) ? ring : undefined
  const members: Member[] = fresh ? [{ id: fresh.party, generation: fresh.generation }] : []
  for (const { person } of post.holders) {
    if (!fresh?.members.some((member) => member.id === person)) members.push(...coverPerson(reading, person))
  }
  return members
}

function coverPerson(reading: Reading, id: Id): Member[] {
  const person = reading.person(id)
  if (!person) return []
  const ring = reading.ring(id)
  if (ring && !isStale(reading, ring)) return [{ id, generation: ring.generation }]
  return person.devices.filter((device) => reading.isLive(device)).map((device) => ({ id: device, generation: 0 }))
}

import type { Holding, Id, Person, Post } from '../directory/index.ts'
import type { AbsenceEntry } from './duty.ts'

/** A declared absence with its place, and the appointment by which it was declared. */
export type Declared = { id: Id; index: number; absence: AbsenceEntry; by: Holding }

/** Why nobody is given a charge although somebody was named. */
export type CannotCover =
  /** Declared by the post above: one hand must not make a reader by itself, so somebody looks at it first. */
  | 'by_superior'
  | 'abolished'
  | 'two_holders'
  | 'holds_already'
  | 'cover_vacant'
  | 'cover_two_holders'
  | 'cover_absent'
  /** The cover is absent too, and covered, by however many, by the very post he covers. */
  | 'circle'
  | 'not_joined'
  /** He had the charge for this absence, and it was ended: by another order, or the server now keeps back what ended it. */
  | 'ended_before'

/** Why a charge that was given for an absence ends. */
export type EndsFor = 'over' | 'replaced' | 'succeeded' | 'cover_changed'

export type Covering = { post: Id; declared: Declared } & (
  | { state: 'give'; person: Id; times: number }
  | { state: 'end'; holding: Holding; why: EndsFor }
  | { state: 'acting'; holding: Holding }
  | { state: 'later' }
  | { state: 'cannot'; why: CannotCover }
)

type Known = {
  post(id: Id): Post | undefined
  person(id: Id): Person | undefined
  isLive(device: Id): boolean
  holds(person: Id, post: Id): boolean
  holdingsOf(person: Id): Holding[]
}

const ORDER = 'absence '

/** What stands as its order in a charge given for an absence. */
export function orderOf(absence: Id): string {
  return `${ORDER}${absence}`
}

/** The absence for which a charge was given; null for every other charge. */
export function coveredAbsence({ charge, memo }: Pick<Holding, 'charge' | 'memo'>): Id | null {
  return charge === 'routine' && memo?.startsWith(ORDER) ? memo.slice(ORDER.length) : null
}

/**
 * What the declared absences ask of personnel at `now`: charges to be given and ended, those that stand, and what cannot be done.
 * By post, ends before what is given in their place. Doing it and asking again asks for nothing more.
 *
 * The newest absence of a post counts, as it does for reminders; but not one declared by whoever covers the post, who could otherwise
 * prolong his own charge. `looked` are posts for which the word of the post above is enough, because somebody looked.
 */
export function coverings(
  declared: Iterable<Declared>,
  directory: Known,
  now: number,
  looked: ReadonlySet<Id> = new Set(),
): Covering[] {
  const newest = new Map<Id, Declared>()
  for (const one of [...declared].sort((a, b) => a.index - b.index)) {
    if (coveredAbsence(one.by) === null) newest.set(one.absence.post, one)
  }
  return [...newest].flatMap(([post, one]) => coveringOf(post, one, { directory, newest, now, looked }))
}

type Looking = { directory: Known; newest: ReadonlyMap<Id, Declared>; now: number; looked: ReadonlySet<Id> }

function coveringOf(post: Id, declared: Declared, looking: Looking): Covering[] {
  const given = holdersOf(post, looking).filter((holding) => coveredAbsence(holding) !== null)
  const ends = endOf(declared, looking)
  const found = given.map((holding): Covering => {
    const why = ends ?? (actsFrom(declared.absence.cover, holding, looking) ? null : 'cover_changed')
    return why ? { post, declared, state: 'end', holding, why } : { post, declared, state: 'acting', holding }
  })
  if (found.some(({ state }) => state === 'acting')) return found
  if (declared.absence.cover === null || ends === 'over' || ends === 'succeeded') return found
  if (ends) return [...found, { post, declared, state: 'later' }]
  const cover = personCovering(declared, looking)
  if ('why' in cover) return [...found, { post, declared, state: 'cannot', why: cover.why }]
  const had = looking.directory.holdingsOf(cover.person).filter((holding) => holding.post === post)
  if (had.some((holding) => coveredAbsence(holding) === declared.id))
    return [...found, { post, declared, state: 'cannot', why: 'ended_before' }]
  const times = had.length
  return [...found, { post, declared, state: 'give', person: cover.person, times }]
}

/** Why nobody covers by this absence at `now`; null while it is in force. `replaced`: by one that has not begun. */
function endOf(declared: Declared, looking: Looking): EndsFor | null {
  const { post, from, to } = declared.absence
  if (to !== null && (to <= looking.now || to <= from)) return 'over'
  if (isSuccession(post, declared.by, looking)) return 'succeeded'
  return from > looking.now ? 'replaced' : null
}

/** Whether somebody else has the post now: who is away has left it. While it is vacant the absence stands. */
function isSuccession(post: Id, by: Holding, looking: Looking): boolean {
  if (by.post !== post || looking.directory.holds(by.person, post)) return false
  return ownHolders(post, looking).length > 0
}

function actsFrom(cover: Id | null, { person }: Holding, looking: Looking): boolean {
  return cover !== null && coverersOf(cover, looking).some((holding) => holding.person === person)
}

function personCovering({ absence, by }: Declared, looking: Looking): { person: Id } | { why: CannotCover } {
  const { directory, looked } = looking
  const { post, cover } = absence
  const absent = directory.post(post)
  if (!absent || absent.abolished) return { why: 'abolished' }
  if (by.post !== post && !looked.has(post)) return { why: 'by_superior' }
  const covering = coverersOf(cover!, looking)
  const [holder] = covering
  if (!holder) return { why: 'cover_vacant' }
  if (covering.length > 1) return { why: 'cover_two_holders' }
  const own = ownHolders(post, looking)
  if (own.some(({ person }) => person === holder.person)) return { why: 'holds_already' }
  if (own.length > 1) return { why: 'two_holders' }
  if (isAbsent(cover!, looking)) return { why: leadsBack(post, looking) ? 'circle' : 'cover_absent' }
  const devices = directory.person(holder.person)?.devices ?? []
  if (!devices.some((device) => directory.isLive(device))) return { why: 'not_joined' }
  return { person: holder.person }
}

function isAbsent(post: Id, looking: Looking): boolean {
  const declared = looking.newest.get(post)
  return declared !== undefined && endOf(declared, looking) === null
}

function leadsBack(post: Id, looking: Looking): boolean {
  const { newest } = looking
  const seen = new Set<Id>()
  for (let at = newest.get(post)?.absence.cover; at && !seen.has(at) && isAbsent(at, looking); ) {
    seen.add(at)
    at = newest.get(at)?.absence.cover
    if (at === post) return true
  }
  return false
}

function holdersOf(post: Id, { directory }: Looking): Holding[] {
  return directory.post(post)?.holders ?? []
}

/** Whose the post is, and not for the time of an absence only. */
function ownHolders(post: Id, looking: Looking): Holding[] {
  return holdersOf(post, looking).filter((holding) => coveredAbsence(holding) === null)
}

/** Who would cover: the regular holder, or where there is none whoever has the post in another charge. */
function coverersOf(post: Id, looking: Looking): Holding[] {
  if (looking.directory.post(post)?.abolished) return []
  const own = ownHolders(post, looking)
  const regular = own.filter(({ charge }) => charge === 'regular')
  return regular.length > 0 ? regular : own
}

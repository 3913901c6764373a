import { toBase64url } from '../../core/bytes.ts'
import type { Header } from '../../core/item.ts'
import { Refusal } from '../../core/refusal.ts'
import { cover, isStale } from './cover.ts'
import { JournaledIndex, JournaledMap } from './journal.ts'
import {
  type Author,
  type Delegation,
  type Device,
  type Holding,
  type Id,
  type Member,
  type Office,
  type Person,
  type Post,
  type Power,
  RECORD_ROOM,
  type Ring,
  type Service,
  type Ticket,
} from './model.ts'

/** A two-hand act waiting for its second hand. */
export type Pending = {
  /** Who may be the second hand: the other root key, or a post with this power. */
  second: 'root' | Power
  index: number
  leafHash: Id
  chain: Id
  maker: Id
  enact: (directory: Directory, at: number) => void
}

/**
 * The directory as the log has made it so far: offices, posts, people, charges, devices and rings, folded from items in
 * log order. The server folds all of it; a device folds the chains it fetched. Reading never changes it; the kinds'
 * `apply` functions write. `begin`, `commit` and `rollback` bracket a batch.
 */
export class Directory {
  /** Whether public keys are kept: devices seal to them, the server never does. */
  readonly keepsKeys: boolean
  readonly #service = new JournaledMap<'service', Service>()
  readonly #offices = new JournaledMap<Id, Office>()
  readonly #posts = new JournaledMap<Id, Post>()
  readonly #people = new JournaledMap<Id, Person>()
  readonly #devices = new JournaledMap<Id, Device>()
  readonly #rings = new JournaledMap<Id, Ring>()
  readonly #holdings = new JournaledMap<Id, Holding>()
  readonly #held = new JournaledMap<Id, Id[]>()
  readonly #delegations = new JournaledMap<Id, Delegation>()
  readonly #tickets = new JournaledMap<Id, Ticket>()
  readonly #pending = new JournaledMap<number, Pending>()
  readonly #authors = new JournaledMap<Id, Id[]>()
  readonly #roles = new JournaledIndex<string, Id>()
  readonly #codes = new JournaledMap<string, Id>()
  readonly #size = new JournaledMap<'size', number>()
  readonly #all = [
    this.#service,
    this.#offices,
    this.#posts,
    this.#people,
    this.#devices,
    this.#rings,
    this.#holdings,
    this.#held,
    this.#delegations,
    this.#tickets,
    this.#pending,
    this.#authors,
    this.#roles,
    this.#codes,
    this.#size,
  ]

  constructor({ keepsKeys = false } = {}) {
    this.keepsKeys = keepsKeys
  }

  begin(): void {
    for (const map of this.#all) map.begin()
  }

  commit(): void {
    for (const map of this.#all) map.commit()
  }

  rollback(): void {
    for (const map of this.#all) map.rollback()
  }

  // — Reading —

  /** One past the index of the newest entry folded. */
  get size(): number {
    return this.#size.get('size') ?? 0
  }

  service(): Service | undefined {
    return this.#service.get('service')
  }

  office(id: Id): Office | undefined {
    return this.#offices.get(id)
  }

  offices(): Iterable<Office> {
    return this.#offices.values()
  }

  post(id: Id): Post | undefined {
    return this.#posts.get(id)
  }

  posts(): Iterable<Post> {
    return this.#posts.values()
  }

  /** Posts of a role, in the order they were made. */
  postsOfRole(role: string): Post[] {
    return [...this.#roles.of(role)].map((id) => this.#posts.get(id)!)
  }

  person(id: Id): Person | undefined {
    return this.#people.get(id)
  }

  people(): Iterable<Person> {
    return this.#people.values()
  }

  device(id: Id): Device | undefined {
    return this.#devices.get(id)
  }

  isLive(device: Id): boolean {
    return this.#devices.get(device)?.revoked === null
  }

  ring(party: Id): Ring | undefined {
    return this.#rings.get(party)
  }

  holding(appointment: Id): Holding | undefined {
    return this.#holdings.get(appointment)
  }

  ticket(key: Id): Ticket | undefined {
    return this.#tickets.get(key)
  }

  pending(index: number): Pending | undefined {
    return this.#pending.get(index)
  }

  /** An office, post or person by the code its import gave it. */
  byCode(kind: 'office' | 'post' | 'person', code: string): Id | undefined {
    return this.#codes.get(`${kind} ${code}`)
  }

  /** The posts a person holds now. */
  postsOf(person: Id): Holding[] {
    return (this.#held.get(person) ?? []).map((appointment) => this.#holdings.get(appointment)!)
  }

  /** Every post a person holds or held, in order of appointment. */
  holdingsOf(person: Id): Holding[] {
    return [...this.#holdings.values()].filter((holding) => holding.person === person)
  }

  holds(person: Id, post: Id): boolean {
    return this.postsOf(person).some((holding) => holding.post === post)
  }

  recordRoom(): Post | undefined {
    for (const id of this.#roles.of(RECORD_ROOM)) return this.#posts.get(id)
    return undefined
  }

  /** R1 (see `cover.ts`). */
  isStale(party: Id): boolean {
    const ring = this.ring(party)
    return ring !== undefined && isStale(this, ring)
  }

  /** R2 (see `cover.ts`): what an item for this party must be wrapped to. */
  cover(party: Id): Member[] {
    return cover(this, party)
  }

  /**
   * Who signed, and for which post, as it stood at `at`. Throws `Refusal`: `unknown_device`, `revoked_device`, `not_allowed`
   * when the appointment named was not in effect for that person.
   */
  author(header: Header, at = Number.POSITIVE_INFINITY): Author {
    const id = toBase64url(header.signer.id)
    const device = header.signer.type === 'device' ? this.#devices.get(id) : undefined
    if (!device || device.added > at)
      throw new Refusal('unknown_device', 'Signed by a device that is not in the directory')
    if (device.revoked !== null && device.revoked <= at) {
      throw new Refusal('revoked_device', 'Signed by a device that was closed')
    }
    if (!header.appointment) return { device: id, person: device.person, post: null }
    const holding = this.#holdings.get(toBase64url(header.appointment))
    const inEffect =
      holding?.person === device.person && holding.since <= at && (holding.until === null || holding.until > at)
    if (!holding || !inEffect) throw new Refusal('not_allowed', 'The author does not hold that post')
    return { device: id, person: device.person, post: holding.post }
  }

  /**
   * The author, who must hold `post` by the appointment the header names. Throws as `author`, and `not_allowed`.
   */
  authorFor(header: Header, post: Id, at = Number.POSITIVE_INFINITY): Author {
    const author = this.author(header, at)
    if (author.post !== post) throw new Refusal('not_allowed', 'The author does not act for that post')
    return author
  }

  /** Whether any post was delegated yet; until then the root keys author the directory. */
  hasDelegation(): boolean {
    return this.#delegations.size > 0
  }

  /** Whether a post may use a power over an office (null: over the whole service). */
  hasPower(post: Id, power: Power, office: Id | null): boolean {
    const delegation = this.#delegations.get(post)
    if (!delegation?.powers.includes(power)) return false
    if (delegation.office === null) return true
    for (let at: Id | null = office; at !== null; at = this.#offices.get(at)?.parent ?? null) {
      if (at === delegation.office) return true
    }
    return false
  }

  /**
   * The parties whose chains are needed to prove these: the authors of their entries, and those authors' authors, up to the
   * root; and of a post everyone ever appointed to it.
   */
  closure(parties: Iterable<Id>): Set<Id> {
    const out = new Set<Id>(parties)
    for (const party of out) for (const author of this.#authors.get(party) ?? []) out.add(author)
    return out
  }

  /**
   * Parties whose chains must be folded before `cover(party)` can be trusted here: a device that lacks them has been told
   * too little, by accident or on purpose, and must fetch them before it seals.
   */
  missing(party: Id): Id[] {
    const post = this.#posts.get(party)
    if (!post) return this.#people.has(party) ? [] : [party]
    const people = post.holders.map((holding) => holding.person).filter((id) => !this.#people.has(id))
    return post.supervisor !== null && !this.#posts.has(post.supervisor) ? [...people, post.supervisor] : people
  }

  // — Writing: for the kinds' `apply` —

  advance(index: number): void {
    this.#size.set('size', index + 1)
  }

  setService(service: Service): void {
    this.#service.set('service', service)
  }

  setOffice(office: Office): void {
    this.#offices.set(office.id, office)
    this.#codes.set(`office ${office.code}`, office.id)
  }

  setPost(post: Post): void {
    const before = this.#posts.get(post.id)
    if (before?.role !== post.role) {
      if (before) this.#roles.remove(before.role, post.id)
      this.#roles.add(post.role, post.id)
    }
    this.#posts.set(post.id, post)
    this.#codes.set(`post ${post.code}`, post.id)
  }

  setPerson(person: Person): void {
    this.#people.set(person.id, person)
    this.#codes.set(`person ${person.code}`, person.id)
  }

  setRing(ring: Ring): void {
    this.#rings.set(ring.party, ring)
  }

  setDelegation(delegation: Delegation): void {
    this.#delegations.set(delegation.post, delegation)
  }

  setTicket(ticket: Ticket): void {
    this.#tickets.set(ticket.key, ticket)
  }

  await(pending: Pending): void {
    this.#pending.set(pending.index, pending)
  }

  settle(index: number, at: number): void {
    this.#pending.get(index)?.enact(this, at)
    this.#pending.delete(index)
  }

  addDevice(device: Device): void {
    this.#devices.set(device.id, device)
    const person = this.#people.get(device.person)
    if (person) this.#people.set(person.id, { ...person, devices: [...person.devices, device.id] })
  }

  revokeDevice(id: Id, at: number): void {
    const device = this.#devices.get(id)
    if (device && device.revoked === null) this.#devices.set(id, { ...device, revoked: at })
  }

  appoint(holding: Holding): void {
    this.#holdings.set(holding.appointment, holding)
    this.#held.set(holding.person, append(this.#held.get(holding.person), holding.appointment))
    const post = this.#posts.get(holding.post)
    if (post) this.#posts.set(post.id, { ...post, holders: [...post.holders, holding] })
  }

  endHolding(appointment: Id, at: number): void {
    const holding = this.#holdings.get(appointment)
    if (!holding || holding.until !== null) return
    this.#holdings.set(appointment, { ...holding, until: at })
    this.#held.set(holding.person, this.#held.get(holding.person)?.filter((id) => id !== appointment) ?? [])
    const post = this.#posts.get(holding.post)
    if (post) {
      this.#posts.set(post.id, { ...post, holders: post.holders.filter((held) => held.appointment !== appointment) })
    }
  }

  /** Remembers that proving `party` takes the chains of these others. */
  link(party: Id, ...others: (Id | null)[]): void {
    const known = this.#authors.get(party) ?? []
    const fresh = [...new Set(others)].filter((id): id is Id => id !== null && id !== party && !known.includes(id))
    if (fresh.length > 0) this.#authors.set(party, [...known, ...fresh])
  }
}

function append(list: Id[] | undefined, id: Id): Id[] {
  return list ? [...list, id] : [id]
}

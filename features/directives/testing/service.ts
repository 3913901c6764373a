import { fromBase64url, toBase64url } from '../../../core/bytes.ts'
import { sha256 } from '../../../core/hash.ts'
import type { Header } from '../../../core/item.ts'
import { ENCAPSULATION_LENGTH } from '../../../core/kem.ts'
import type { At, Place } from '../../../core/kind.ts'
import type { Wrap } from '../../../core/wrap.ts'
import { Directory, type Id, type Post } from '../../directory/index.ts'
import { DirectiveBook } from '../book.ts'
import {
  answerFields,
  cancelFields,
  type DirectiveEntry,
  directiveFields,
  type Line,
  receiptFields,
  supersedeFields,
} from '../entries.ts'
import { directiveKinds } from '../kinds.ts'
import type { DirectiveKind, DirectiveState } from '../requiring.ts'
import { audience, type Cover, coverOf, directiveReaders, threadReaders } from '../rules.ts'

/** An id of 16 bytes that a test can name. */
export function idOf(name: string): Id {
  return toBase64url(sha256(new TextEncoder().encode(name)).subarray(0, 16))
}

const deviceOf = (name: string): Id => toBase64url(sha256(new TextEncoder().encode(`device ${name}`)))

type PostOptions = {
  supervisor?: string
  role?: string
  office?: string
  place?: string
  mayIssue?: boolean
  abolished?: boolean
  /** Who holds it; '' nobody. By default a person of the post's own name. */
  holder?: string
  /** Whether the holder has a device and a ring. */
  joined?: boolean
  /** Whether the post has a ring of its own. */
  ring?: boolean
}

/** What an item is made of here: its kind, and the header and parts that the kind reads. */
export type Made = { kind: DirectiveKind<unknown>; header: Header; sections: number; wraps: Wrap[] }

/**
 * A small service to try rules on: a real directory, written to directly, and items that are not signed, because
 * signatures are checked before any rule.
 */
export class Service {
  readonly directory = new Directory()
  readonly directives = new DirectiveBook()
  readonly state: DirectiveState = { directory: this.directory, directives: this.directives }
  #index = 0
  #items = 0
  time = 1_000

  post(name: string, options: PostOptions = {}): Id {
    const { supervisor, role = name, office = 'office', place = null, holder = name, joined = true, ring } = options
    const id = idOf(name)
    const known = this.directory.post(id)
    const post: Post = {
      id,
      code: name,
      role,
      name: { bn: name, en: name },
      office: idOf(office),
      supervisor: supervisor === undefined ? null : idOf(supervisor),
      place,
      wing: null,
      order: 1,
      mayIssue: options.mayIssue ?? false,
      alt: [],
      abolished: options.abolished ?? false,
      holders: known?.holders ?? [],
    }
    this.directory.setPost(post)
    if (holder && !known) this.appoint(holder, name, joined)
    if (ring) this.ring(name, holder)
    return id
  }

  appoint(person: string, post: string, joined = true): void {
    const id = idOf(`person ${person}`)
    if (!this.directory.person(id)) {
      this.directory.setPerson({ id, code: `p-${person}`, name: { bn: person, en: person }, devices: [] })
      if (joined) this.join(person)
    }
    const appointment = idOf(`${person} at ${post}`)
    const charge = { charge: 'regular', from: '2024-10-22', memo: null, since: this.#index, until: null }
    this.directory.appoint({ appointment, person: id, post: idOf(post), ...charge })
  }

  /** Gives a person a device and a ring. */
  join(person: string): void {
    const id = idOf(`person ${person}`)
    const device = deviceOf(person)
    this.directory.addDevice({ id: device, person: id, label: 'phone', added: this.#index, revoked: null })
    const index = this.#index
    this.directory.setRing({ party: id, generation: 1, members: [{ id: device, generation: 0 }], index, since: index })
  }

  end(person: string, post: string): void {
    this.directory.endHolding(idOf(`${person} at ${post}`), this.#index)
  }

  revoke(person: string): void {
    this.directory.revokeDevice(deviceOf(person), this.#index)
  }

  ring(post: string, ...holders: string[]): void {
    const members = holders.map((holder) => ({ id: idOf(`person ${holder}`), generation: 1 }))
    const generation = (this.directory.ring(idOf(post))?.generation ?? 0) + 1
    const index = this.#index
    this.directory.setRing({ party: idOf(post), generation, members, index, since: index })
  }

  header(kind: string, person: string, post: string, fields: Header['fields']): Header {
    this.#items += 1
    return {
      kind,
      id: fromBase64url(idOf(`item ${this.#items}`)),
      signer: { type: 'device', id: fromBase64url(deviceOf(person)) },
      appointment: fromBase64url(idOf(`${person} at ${post}`)),
      time: this.time,
      fields,
      commitment: { counts: [1], root: new Uint8Array(32) },
    }
  }

  make(kind: string, person: string, post: string, fields: Header['fields'], sections: number, wraps: Wrap[]): Made {
    const known = directiveKinds.find(({ name }) => name === kind) as unknown as DirectiveKind<unknown>
    return { kind: known, header: this.header(kind, person, post, fields), sections, wraps }
  }

  directive(post: string, lines: Line[], change: Partial<DirectiveEntry> & { person?: string; wraps?: Wrap[] } = {}) {
    const { person = post, wraps, ...rest } = change
    const to = audience(lines, this.directory)
    const cover = coverOf(directiveReaders(to.posts, idOf(post), this.directory), this.directory)
    const entry = {
      issuer: idOf(post),
      lines,
      resolvedAt: this.#index,
      count: to.posts.length,
      audienceHash: to.hash,
      clauses: [{ label: '', ask: 'acknowledge' as const }],
      due: null,
      grade: 0,
      urgency: 0,
      ...rest,
    }
    return this.make('directive', person, post, directiveFields(entry), 2, wraps ?? wrapsTo(cover))
  }

  receipt(post: string, directive: Id, state: 'opened' | 'acknowledged', person = post): Made {
    return this.make('receipt', person, post, receiptFields({ directive, post: idOf(post), state }), 0, [])
  }

  answer(
    post: string,
    directive: Id,
    clauses: string[],
    state: 'done' | 'progress' | 'impossible' | 'notours' | 'kept' | 'problem',
    options: { by?: string; person?: string; wraps?: Wrap[]; until?: number } = {},
  ): Made {
    const by = options.by ?? post
    const issuer = this.directives.head(directive)?.issuer ?? idOf(by)
    const wraps = options.wraps ?? wrapsTo(coverOf(threadReaders(idOf(post), issuer, this.directory), this.directory))
    const fields = answerFields({ directive, post: idOf(post), clauses, state, until: options.until ?? null })
    return this.make('answer', options.person ?? by, by, fields, 1, wraps)
  }

  cancel(post: string, directive: Id, person = post): Made {
    return this.make('cancel', person, post, cancelFields({ directive, issuer: idOf(post) }), 1, [])
  }

  supersede(post: string, directive: Id, successor: Id, person = post): Made {
    return this.make('supersede', person, post, supersedeFields({ directive, issuer: idOf(post), successor }), 1, [])
  }

  /** Reads, judges and folds an item as the sequencer does; gives its id and its entry's place. */
  place(made: Made): { id: Id; place: Place; entry: unknown } {
    const entry = this.read(made)
    const at: At = { index: this.#index, time: this.time }
    made.kind.authority(entry, made.header, this.state, at)
    made.kind.rule?.(entry, made.header, this.state, at)
    const place = { ...at, leafHash: new Uint8Array(32) }
    made.kind.apply(entry, made.header, place, this.state)
    this.#index += 1
    return { id: toBase64url(made.header.id), place, entry }
  }

  read({ kind, header, sections, wraps }: Made): unknown {
    return kind.read({ header, body: Array.from({ length: sections }, () => new Uint8Array(1)), wraps })
  }
}

/** Wraps of the right form that open to nothing. */
export function wrapsTo(cover: Cover): Wrap[] {
  return [...cover].map(([ring, generation]) => ({
    ring: fromBase64url(ring),
    generation,
    enc: new Uint8Array(ENCAPSULATION_LENGTH),
    ct: new Uint8Array(48),
  }))
}

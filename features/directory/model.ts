import type { Bytes } from '../../core/bytes.ts'

/** An id as base64url text. A party's id is that of the item which created it; a device's is its key's thumbprint. */
export type Id = string
export type Names = { bn: string; en: string }

export const POWERS = ['register', 'make', 'check', 'ticket'] as const
/** What a delegated post may do: register offices, posts and people; make appointments; check them; issue joining tickets. */
export type Power = (typeof POWERS)[number]

/** The role of the post that reads for whoever nobody else reads for: the service's record room. */
export const RECORD_ROOM = 'record-room'

export type Service = { name: Names; rootKeys: [Id, Id]; logKey: Bytes; origin: string }

export type Office = {
  id: Id
  code: string
  name: Names
  kind: string
  parent: Id | null
  place: string | null
  alt: string[]
  abolished: boolean
}

export type Post = {
  id: Id
  code: string
  role: string
  name: Names
  office: Id
  supervisor: Id | null
  place: string | null
  wing: string | null
  /** Place within its office, as the directory lists it; never a rank. */
  order: number
  mayIssue: boolean
  alt: string[]
  abolished: boolean
  /** Who holds it now, in order of appointment. */
  holders: Holding[]
}

/** One person holding one post, from the log index at which the appointment took effect. */
export type Holding = {
  appointment: Id
  person: Id
  post: Id
  charge: string
  from: string
  memo: string | null
  since: number
  until: number | null
}

export type Person = { id: Id; code: string; name: Names; devices: Id[] }

export type Device = {
  id: Id
  person: Id
  label: string
  /** X-Wing public key; only where keys are kept (on devices). */
  publicKey?: Bytes
  added: number
  revoked: number | null
}

export type Member = { id: Id; generation: number }

export type Ring = {
  party: Id
  generation: number
  members: Member[]
  index: number
  /** Index of the oldest generation that this one leads back to: what was sealed before it opens to nobody who came since. */
  since: number
  /** X-Wing public key; only where keys are kept (on devices). */
  publicKey?: Bytes
}

export type Delegation = { post: Id; powers: Power[]; office: Id | null; since: number }

export type Ticket = {
  /** Thumbprint of the ticket's key. */
  key: Id
  person: Id
  expires: number
  rootTag: Bytes
  /** A second HR signer approved it: it may replace live devices. */
  approved: boolean
  used: boolean
}

/** Who signed an item, and for which post he acts (when the header names an appointment). */
export type Author = { device: Id; person: Id; post: Id | null }

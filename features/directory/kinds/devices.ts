import { type Bytes, fromBase64url, toBase64url } from '../../../core/bytes.ts'
import { partyChain } from '../../../core/chain.ts'
import { Fields } from '../../../core/fields.ts'
import { type Header, thumbprint } from '../../../core/item.ts'
import { isKemKey } from '../../../core/kem.ts'
import type { At } from '../../../core/kind.ts'
import { Refusal } from '../../../core/refusal.ts'
import type { Directory } from '../directory.ts'
import type { Id } from '../model.ts'
import { awaitApproval, type DirectoryKind, linkAuthor, requirePower } from './two-hands.ts'

type TicketEntry = { key: Id; publicKey: Bytes; person: Id; expires: number; rootTag: Bytes }

/**
 * `ticket`: HR lets one person join with one device. For a person who has or ever had a device it waits for a second hand: one
 * hand alone can close a device, and must not then be able to put its own in that place.
 */
export const ticket: DirectoryKind<TicketEntry> = {
  name: 'ticket',
  read({ header }) {
    const fields = new Fields('ticket', header.fields)
    const person = fields.id(1)
    const publicKey = fields.bytes(2, 32)
    const entry = {
      key: toBase64url(thumbprint(publicKey)),
      publicKey,
      person,
      expires: fields.count(3),
      rootTag: fields.bytes(4, 32),
    }
    fields.end()
    return entry
  },
  keys: ({ publicKey }) => [{ type: 'ticket', publicKey }],
  chain: ({ person }) => partyChain(fromBase64url(person)),
  // Once a key, on every device: made again it would be unused again.
  authority({ key }, header, { directory }, at) {
    requirePower(header, directory, 'ticket', null, at)
    if (directory.ticket(key)) throw new Refusal('already_done', 'That ticket exists')
  },
  rule({ person }, _header, { directory }) {
    if (!directory.person(person)) throw new Refusal('not_found', 'No such person', { what: 'person' })
  },
  apply(entry, header, place, { directory }) {
    linkAuthor(header, entry.person, directory)
    const { key, person, expires, rootTag } = entry
    const made = { key, person, expires, rootTag, approved: false, used: false }
    directory.setTicket(made)
    if (hasJoined(directory, person)) {
      awaitApproval(header, place, partyChain(fromBase64url(person)), directory, 'ticket', (then) =>
        then.setTicket({ ...made, approved: true }),
      )
    }
    directory.advance(place.index)
  },
}

type DeviceAdd = { person: Id; device: Id; signingKey: Bytes; label: string; publicKey: Bytes }

/**
 * `device-add`: a new device's keys, signed with a ticket's key or by a device the person already has. A ticket that a second
 * hand approved closes the devices there were: it stands for the lost phone.
 */
export const deviceAdd: DirectoryKind<DeviceAdd> = {
  name: 'device-add',
  read({ header, body }) {
    const fields = new Fields('device-add', header.fields)
    const person = fields.id(1)
    const signingKey = fields.bytes(2, 32)
    const label = fields.text(3, 100)
    fields.end()
    const [publicKey] = body
    if (body.length !== 1 || !publicKey || !isKemKey(publicKey)) throw fields.bad(0, 'one X-Wing key as its body')
    return { person, device: toBase64url(thumbprint(signingKey)), signingKey, label, publicKey }
  },
  keys: ({ signingKey }) => [{ type: 'device', publicKey: signingKey }],
  chain: ({ person }) => partyChain(fromBase64url(person)),
  // @NOTE One person a key, on every device and not by the server's word: nothing in it is signed by the key it brings, so a
  // server and one member could else put a key of the member's in the place of an official's, and what is sealed to him with it.
  authority(entry, header, { directory }, at) {
    requireLeave(entry, header, directory, at)
    if (directory.device(entry.device)) throw new Refusal('key_taken', 'That key is of a device that exists')
  },
  apply({ person, device, label, publicKey }, header, place, { directory }) {
    const used = header.signer.type === 'ticket' ? directory.ticket(toBase64url(header.signer.id)) : undefined
    if (used) {
      directory.setTicket({ ...used, used: true })
      if (used.approved)
        for (const id of directory.person(person)?.devices ?? []) directory.revokeDevice(id, place.index)
    }
    const keys = directory.keepsKeys ? { publicKey } : {}
    directory.addDevice({ id: device, person, label, added: place.index, revoked: null, ...keys })
    directory.advance(place.index)
  },
}

type DeviceRevoke = { person: Id; device: Id }

/** `device-revoke`: closes a device, by another device of the same person, by itself, or by HR. R5: order in the log is time. */
export const deviceRevoke: DirectoryKind<DeviceRevoke> = {
  name: 'device-revoke',
  read({ header }) {
    const fields = new Fields('device-revoke', header.fields)
    const entry = { person: fields.id(1), device: toBase64url(fields.bytes(2, 32)) }
    fields.end()
    return entry
  },
  chain: ({ person }) => partyChain(fromBase64url(person)),
  authority(entry, header, { directory }, at) {
    const own = header.signer.type === 'device' && directory.author(header, at.index).person === entry.person
    if (!own) requirePower(header, directory, 'ticket', null, at)
  },
  rule({ person, device }, _header, { directory }) {
    const known = directory.device(device)
    if (known?.person !== person) throw new Refusal('not_found', 'No such device', { what: 'device' })
    if (known.revoked !== null) throw new Refusal('already_done', 'That device is closed')
  },
  apply({ person, device }, header, place, { directory }) {
    linkAuthor(header, person, directory)
    directory.revokeDevice(device, place.index)
    directory.advance(place.index)
  },
}

/** Throws `Refusal`: `not_allowed` for a device of another, else what is wrong with the ticket. */
function requireLeave({ person }: DeviceAdd, header: Header, directory: Directory, at: At): void {
  if (header.signer.type === 'device') {
    if (directory.author(header, at.index).person === person) return
    throw new Refusal('not_allowed', "Another person's device")
  }
  const used = header.signer.type === 'ticket' ? directory.ticket(toBase64url(header.signer.id)) : undefined
  if (!used || used.person !== person) throw new Refusal('ticket_wrong', 'No such ticket')
  if (used.used) throw new Refusal('ticket_used', 'The ticket was used')
  if (used.expires < at.time) throw new Refusal('ticket_expired', 'The ticket expired')
  if (!used.approved && hasJoined(directory, person)) {
    const code = hasLiveDevice(directory, person) ? 'ticket_not_needed' : 'ticket_unapproved'
    throw new Refusal(code, 'The person joined before; a second hand must approve another device')
  }
}

function hasJoined(directory: Directory, person: Id): boolean {
  return (directory.person(person)?.devices.length ?? 0) > 0
}

function hasLiveDevice(directory: Directory, person: Id): boolean {
  return (directory.person(person)?.devices ?? []).some((device) => directory.isLive(device))
}

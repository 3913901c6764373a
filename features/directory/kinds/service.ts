import { type Bytes, toBase64url } from '../../../core/bytes.ts'
import { SERVICE_CHAIN } from '../../../core/chain.ts'
import { Fields } from '../../../core/fields.ts'
import { ID_LENGTH, thumbprint } from '../../../core/item.ts'
import { Refusal } from '../../../core/refusal.ts'
import { type Id, type Names, POWERS, type Power } from '../model.ts'
import { awaitApproval, type DirectoryKind, requireRoot } from './two-hands.ts'

type Root = { name: Names; rootKeys: Bytes[]; logKey: Bytes; origin: string }

/** `root`: the first item of a log. Names the two root keys, the log's key and its origin. */
export const root: DirectoryKind<Root> = {
  name: 'root',
  read({ header }) {
    const fields = new Fields('root', header.fields)
    const entry = {
      name: { bn: fields.text(1), en: fields.text(2) },
      rootKeys: fields.list(3, 2, (key) => key as Bytes),
      logKey: fields.bytes(4, 32),
      origin: fields.text(5),
    }
    fields.end()
    const sound =
      entry.rootKeys.length === 2 && entry.rootKeys.every((key) => key instanceof Uint8Array && key.length === 32)
    if (!sound) throw fields.bad(3, 'two keys of 32 bytes')
    return entry
  },
  keys: ({ rootKeys, logKey }) => [
    ...rootKeys.map((publicKey) => ({ type: 'root' as const, publicKey })),
    { type: 'log' as const, publicKey: logKey },
  ],
  chain: () => SERVICE_CHAIN,
  authority(entry, header, { directory }, at) {
    if (at.index !== 0 || directory.service()) throw new Refusal('not_allowed', 'A log has one root, at its beginning')
    const [first] = entry.rootKeys
    const signer = toBase64url(header.signer.id)
    if (header.signer.type !== 'root' || signer !== toBase64url(thumbprint(first!))) {
      throw new Refusal('not_allowed', 'A root is signed by its first key')
    }
  },
  apply(entry, _header, place, { directory }) {
    const [a, b] = entry.rootKeys.map((key) => toBase64url(thumbprint(key)))
    directory.setService({ name: entry.name, rootKeys: [a!, b!], logKey: entry.logKey, origin: entry.origin })
    directory.advance(place.index)
  },
}

type Delegate = { post: Id; powers: Power[]; office: Id | null }

/** `delegate`: a root key gives a post powers over an office or the whole service; the other root key approves. */
export const delegate: DirectoryKind<Delegate> = {
  name: 'delegate',
  read({ header }) {
    const fields = new Fields('delegate', header.fields)
    const entry = {
      post: fields.id(1),
      powers: fields.list(2, POWERS.length, (power) => power as Power),
      office: fields.idOrNull(3),
    }
    fields.end()
    if (!entry.powers.every((power) => POWERS.includes(power))) throw fields.bad(2, 'known powers')
    return entry
  },
  chain: () => SERVICE_CHAIN,
  authority(_entry, header, { directory }) {
    requireRoot(header, directory)
  },
  rule(entry, _header, { directory }) {
    if (!directory.post(entry.post)) throw new Refusal('not_found', 'No such post')
  },
  apply(entry, header, place, { directory }) {
    awaitApproval(header, place, SERVICE_CHAIN, directory, 'root', (then, at) =>
      then.setDelegation({ ...entry, since: at }),
    )
    directory.advance(place.index)
  },
}

/** Whether a header field holds the id of an earlier party, which the entry then changes, or null, which makes a new one. */
export function partyOrNew(fields: Fields, key: number, itemId: Uint8Array): { id: Id; isNew: boolean } {
  const party = fields.idOrNull(key)
  return party === null ? { id: toBase64url(itemId.subarray(0, ID_LENGTH)), isNew: true } : { id: party, isNew: false }
}

import { toBase64url } from '../core/bytes.ts'
import { Refusal } from '../core/refusal.ts'
import type { Device } from './device.ts'
import { type Kept, type Kinds, type Placed, takeApart } from './fold.ts'
import { postName, textOf } from './rows.ts'
import type { AboutMe, AboutRow } from './views.ts'

/** A clock as far from the log's as this is worth naming. */
const CLOCK_OFF = 60_000

/**
 * Every recorded time about this person, newest first: what he signed on any of his devices and what was written of him in the
 * directory, from proven entries held here; and what the server noted by itself, where it can be asked now (`complete`).
 */
export async function aboutMe(device: Device, kinds: Kinds): Promise<AboutMe> {
  const { store, proven, now } = device
  const entries = (await store.list<Kept>('directory')).map(([, kept]) => takeApart(kinds, kept))
  const signed = [...proven.acts(), ...entries].flatMap((placed) => rowOf(placed, device) ?? [])
  const noted = await notedOf(device)
  const rows = [...signed, ...(noted ?? [])].sort((a, b) => b.at - a.at || (b.index ?? 0) - (a.index ?? 0))
  return { at: now(), person: device.person, rows, complete: noted !== null }
}

function rowOf({ kind, entry, header, index, leaf }: Placed, { person, proven, mirror }: Device): AboutRow | null {
  const { directory } = proven
  const signer = toBase64url(header.signer.id)
  const mine = header.signer.type === 'device' && directory.device(signer)?.person === person
  const ofMe = entry.person === person && !mine
  if (!mine && !ofMe) return null
  const row: AboutRow = {
    what: kind.name === 'receipt' ? String(entry.state) : kind.name,
    by: mine ? 'me' : 'office',
    at: leaf.time,
    index,
    item: toBase64url(header.id),
  }
  if (mine) row.device = directory.device(signer)?.label ?? signer
  const post = entry.post ?? (kind.name === 'directive' ? entry.issuer : undefined)
  if (typeof post === 'string' && directory.post(post)) row.post = postName(post, directory)
  const about = typeof entry.directive === 'string' ? entry.directive : kind.name === 'directive' ? row.item : undefined
  if (about !== undefined) row.directive = about
  const subject = about && textOf(mirror.text(about), 'subject')
  if (subject) row.subject = subject
  if (mine && Math.abs(header.time - leaf.time) > CLOCK_OFF) row.clientTime = header.time
  return row
}

type Noted = { what?: unknown; at?: unknown; until?: unknown; directive?: unknown; post?: unknown; device?: unknown }

/** What the server noted; null where it cannot be asked now. */
async function notedOf({ transport, proven, mirror }: Device): Promise<AboutRow[] | null> {
  const { directory } = proven
  let noted: Noted[]
  try {
    noted = ((await transport.json('/api/about-me')) as { noted: Noted[] }).noted
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  }
  return noted.flatMap(({ what, at, until, directive, post, device }) => {
    if (typeof what !== 'string' || typeof at !== 'number') return []
    const row: AboutRow = { what, by: 'server', at }
    if (typeof until === 'number') row.until = until
    if (typeof device === 'string') row.device = directory.device(device)?.label ?? device
    if (typeof post === 'string' && directory.post(post)) row.post = postName(post, directory)
    if (typeof directive === 'string') {
      row.directive = directive
      const subject = textOf(mirror.text(directive), 'subject')
      if (subject) row.subject = subject
    }
    return [row]
  })
}

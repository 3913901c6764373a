import { toBase64url } from '../core/bytes.ts'
import { Refusal } from '../core/refusal.ts'
import type { Device } from './device.ts'
import { type Kept, type Kinds, type Placed, takeApart } from './fold.ts'
import { postName, textOf } from './rows.ts'
import type { AboutMe, AboutRow } from './views.ts'

/** A clock as far from the log's as this is worth naming. */
const CLOCK_OFF = 60_000

/**
 * All that is held about this person, newest first: what he signed on any of his devices and what was written of him in the
 * directory, from proven entries held here; and what the server noted by itself, or holds of his besides, where it can be asked
 * now (`complete`).
 */
export async function aboutMe(device: Device, kinds: Kinds): Promise<AboutMe> {
  const { store, proven, now } = device
  const entries = (await store.list<Kept>('directory')).map(([, kept]) => takeApart(kinds, kept))
  const signed = [...proven.acts(), ...entries].flatMap((placed) => rowOf(placed, device) ?? [])
  const told = await toldBy(device, signed)
  const rows = [...signed, ...(told ?? [])].sort((a, b) => b.at - a.at || (b.index ?? 0) - (a.index ?? 0))
  return { at: now(), person: device.person, rows, complete: told !== null }
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

type Told = { noted: Noted[]; signed: Record<string, number> }
type Noted = { what: string; at: number } & Partial<Record<string, unknown>>
type Signed = { signed: { index: number; item: string; at: number; device: string }[]; before: number | null }

const TEXTS = ['channel', 'address', 'outcome', 'detail'] as const
const NUMBERS = ['until', 'size', 'n'] as const

/** What the server holds besides `known`; null where it cannot be asked now. */
async function toldBy(device: Device, known: readonly AboutRow[]): Promise<AboutRow[] | null> {
  try {
    const { noted, signed } = (await device.transport.json('/api/about-me')) as Told
    const rows = noted.flatMap((one) => notedRow(one, device) ?? [])
    return [...rows, ...(await signedElsewhere(device, signed ?? {}, known))]
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  }
}

function notedRow(noted: Noted, { proven, mirror }: Device): AboutRow | null {
  const { directory } = proven
  const { what, at, post, device, directive } = noted
  if (typeof what !== 'string' || typeof at !== 'number') return null
  const row: AboutRow = { what, by: 'server', at }
  for (const name of TEXTS) if (typeof noted[name] === 'string') row[name] = noted[name]
  for (const name of NUMBERS) if (typeof noted[name] === 'number') row[name] = noted[name]
  if (typeof device === 'string') row.device = directory.device(device)?.label ?? device
  if (typeof post === 'string' && directory.post(post)) row.post = postName(post, directory)
  if (typeof directive === 'string') {
    row.directive = directive
    const subject = textOf(mirror.text(directive), 'subject')
    if (subject) row.subject = subject
  }
  return row
}

/**
 * What this person signed and this device does not hold: for posts he left, for threads of others, for an office. Asked for only
 * where the server counts more of a kind than stand here.
 */
async function signedElsewhere(
  { transport, proven }: Device,
  counts: Readonly<Record<string, number>>,
  known: readonly AboutRow[],
): Promise<AboutRow[]> {
  const mine = known.filter(({ by }) => by === 'me')
  const held = new Set(mine.map(({ index }) => index))
  const rows: AboutRow[] = []
  for (const [kind, count] of Object.entries(counts)) {
    if (mine.filter(({ what }) => kindOf(what) === kind).length >= count) continue
    let before: number | null = Number.MAX_SAFE_INTEGER
    while (before !== null) {
      const page = (await transport.json(`/api/about-me/signed/${encodeURIComponent(kind)}?before=${before}`)) as Signed
      for (const { index, item, at, device } of page.signed) {
        if (held.has(index)) continue
        rows.push({
          what: kind,
          by: 'server',
          at,
          index,
          item,
          device: proven.directory.device(device)?.label ?? device,
        })
      }
      before = page.before !== null && page.before < before ? page.before : null
    }
  }
  return rows
}

/** A receipt is told by its state. */
function kindOf(what: string): string {
  return what === 'opened' || what === 'acknowledged' ? 'receipt' : what
}

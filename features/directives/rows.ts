import { toBase64url } from '../../core/bytes.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Read } from '../../server/db.ts'
import type { Directory, Id } from '../directory/index.ts'
import { type BoardNeeds, isWithin, type Names, openBoard, UNDELIVERED_MS, vacanciesOf } from './board.ts'
import { ANSWER_STATES, type AnswerState, ASKS, type Ask } from './entries.ts'
import type { Frozen } from './frozen.ts'
import type { Stored } from './store.ts'

/** How far an addressee came, each in one of them: the parts of the bar. */
export const STAGES = ['at-sent', 'at-delivered', 'at-opened', 'at-acknowledged', 'at-complied'] as const
export const FILTERS = ['late', 'unopened', 'unacknowledged', 'vacant', 'undelivered48', ...STAGES] as const
export type Filter = (typeof FILTERS)[number]

const BY = ['addressed', 'supervisor', 'issuer'] as const

export type BoardCell = {
  label: string
  ask: Ask
  /** Of the newest answer; who gave it, and when. */
  state: AnswerState | null
  by: (typeof BY)[number] | null
  answered: number | null
  owed: boolean
  late: boolean
}

export type BoardRow = {
  post: Id
  name: Names | null
  office: Names | null
  place: { division: string; district: string; upazila: string }
  holders: { name: Names; charge: string }[]
  vacant: boolean
  delivered: number | null
  opened: number | null
  acknowledged: number | null
  answered: number | null
  late: boolean
  /** The whole letter first. */
  clauses: BoardCell[]
}

export type BoardRows = { rows: BoardRow[] /** For the next page; null at the end. */; cursor: string | null }

type Query = { within?: string | null; filter?: Filter | null; cursor?: string | null; limit?: number }

/**
 * Addressees one by one, as a directory lists them: those the viewer issued to or supervises. Throws `Refusal`:
 * `not_found`, also for a viewer who may see counts only; `bad_input` for a cursor of another shape.
 */
export async function boardRows(
  needs: BoardNeeds,
  posts: readonly Id[],
  id: Id,
  { within = null, filter = null, cursor = null, limit = 50 }: Query = {},
): Promise<BoardRows> {
  const { db, directory } = needs
  const now = needs.now()
  const { stored, audience, scope } = await openBoard(needs, posts, id)
  if (scope.standing === 'above') throw new Refusal('not_found', 'No such directive')
  const places = audience.places.flatMap((place, i) => (scope.rows(place) && isWithin(place, within) ? [i] : []))
  const [fromPlace, fromN] = readCursor(cursor)
  const isLate = stored.due !== null && stored.due < now
  if (filter === 'late' && !isLate) return { rows: [], cursor: null }
  if (filter === 'undelivered48' && stored.time + UNDELIVERED_MS >= now) return { rows: [], cursor: null }

  const found = await db.many<WholeRow>(
    `SELECT n, place, delivered, opened, acknowledged, spoke, replied, owed
     FROM tracking
     WHERE directive = $1 AND clause = 0
       AND (place, n) > ($2, $3)
       AND ($4::int[] IS NULL OR place = any($4))
       AND ($5::int[] IS NULL OR n = any($5))
       AND ${filter === null ? 'true' : CONDITIONS[filter]}
     ORDER BY place, n LIMIT $6`,
    [
      stored.number,
      fromPlace,
      fromN,
      places.length === audience.places.length ? null : places,
      filter === 'vacant' ? vacanciesOf(audience, directory) : null,
      limit + 1,
    ],
  )
  const page = found.slice(0, limit)
  const cells = await readCells(
    db,
    stored,
    page.map(({ n }) => n),
  )
  const vacant = new Set(vacanciesOf(audience, directory))
  const last = page.at(-1)
  return {
    rows: page.map((row) => ({
      ...aboutPost(row, audience, directory),
      vacant: vacant.has(row.n),
      delivered: row.delivered ?? row.opened ?? row.acknowledged ?? row.spoke,
      opened: row.opened ?? row.acknowledged ?? row.spoke,
      acknowledged: row.acknowledged ?? row.spoke,
      answered: row.replied,
      late: isLate && row.owed > 0,
      clauses: cells.get(row.n)!.map(({ clause, ask, state, by, answered, met }) => {
        const owed = ask > 0 && met === null
        return {
          label: stored.clauses[clause]!.label,
          ask: ASKS[ask]!,
          state: state === null ? null : ANSWER_STATES[state]!,
          by: by === null ? null : BY[by]!,
          answered,
          owed,
          late: owed && isLate,
        }
      }),
    })),
    cursor: found.length > limit && last ? `${last.place}.${last.n}` : null,
  }
}

const CONDITIONS: Record<Filter, string> = {
  late: 'owed > 0',
  unopened: 'opened IS NULL AND acknowledged IS NULL AND spoke IS NULL',
  unacknowledged: 'ask > 0 AND acknowledged IS NULL AND spoke IS NULL',
  vacant: 'true',
  undelivered48: 'delivered IS NULL AND opened IS NULL AND acknowledged IS NULL AND spoke IS NULL',
  'at-sent': 'delivered IS NULL AND opened IS NULL AND acknowledged IS NULL AND spoke IS NULL',
  'at-delivered': 'delivered IS NOT NULL AND opened IS NULL AND acknowledged IS NULL AND spoke IS NULL',
  'at-opened': 'opened IS NOT NULL AND acknowledged IS NULL AND spoke IS NULL',
  'at-acknowledged': 'coalesce(acknowledged, spoke) IS NOT NULL AND replied IS NULL',
  'at-complied': 'coalesce(acknowledged, spoke) IS NOT NULL AND replied IS NOT NULL',
}

type WholeRow = {
  n: number
  place: number
  delivered: number | null
  opened: number | null
  acknowledged: number | null
  spoke: number | null
  replied: number | null
  owed: number
}

type CellRow = {
  n: number
  clause: number
  ask: number
  state: number | null
  by: number | null
  answered: number | null
  met: number | null
}

async function readCells(read: Read, { number, clauses }: Stored, numbers: number[]): Promise<Map<number, CellRow[]>> {
  const rows = await read.many<CellRow>(
    `SELECT n, clause, ask, state, by, answered, met
     FROM tracking
     WHERE directive = $1 AND clause = any($2::smallint[]) AND n = any($3::int[]) ORDER BY clause`,
    [number, clauses.map((_, clause) => clause), numbers],
  )
  return Map.groupBy(rows, ({ n }) => n)
}

function aboutPost({ n, place }: WholeRow, audience: Frozen, directory: Directory) {
  const post = toBase64url(audience.raw(n))
  const known = directory.post(post)
  const { division, district, upazila, office } = audience.places[place]!
  return {
    post,
    name: known?.name ?? null,
    office: directory.office(office)?.name ?? null,
    place: { division, district, upazila },
    holders: (known?.holders ?? []).flatMap(({ person, charge }) => {
      const name = directory.person(person)?.name
      return name ? [{ name, charge }] : []
    }),
  }
}

function readCursor(cursor: string | null): [place: number, n: number] {
  if (cursor === null) return [-1, -1]
  const [place, n, ...more] = cursor.split('.').map(Number)
  if (more.length === 0 && Number.isInteger(place) && Number.isInteger(n)) return [place!, n!]
  throw new Refusal('bad_input', 'Not a cursor', { field: 'cursor' })
}

import type { Board } from '../features/directives/board.ts'
import type { BoardRow, BoardRows } from '../features/directives/rows.ts'
import type { Answer, Name, Smarak } from './views.ts'

/** One addressee with what he answered, opened on this device: the server has the states, never the words and numbers. */
export type GatheredRow = BoardRow & {
  division: Name
  district: Name
  upazila: Name
  /** The newest answer of his own side; null while there is none. */
  answer: Answer | null
}

/** Threads opened at a time: enough to keep a slow line busy, few enough for a phone. */
const AT_ONCE = 4

/**
 * Every addressee of a directive in the order of the directory, his newest answer opened. For the issuing post, and for a
 * supervisor of his own. `kept` holds what was opened before, by post, and is added to: a thread is fetched again only when it
 * has a newer answer. Throws `Refusal`: `not_found`, `offline`.
 */
export async function gatherAnswers(
  client: Pick<Smarak, 'board' | 'thread'>,
  id: string,
  progress: (done: number, total: number) => void = () => {},
  kept: Map<string, { at: number; answer: Answer | null }> = new Map(),
): Promise<GatheredRow[]> {
  const [divisions, districts, upazilas] = await Promise.all(
    ['division', 'district', 'upazila'].map((group) => namesOf(client, id, group)),
  )
  const rows = await everyRow(client, id)
  const answered = rows.filter((row) => answeredAt(row) > (kept.get(row.post)?.at ?? 0))
  let done = rows.length - answered.length
  progress(done, rows.length)
  const waiting = answered.values()
  const open = async () => {
    for (const row of waiting) {
      const thread = await client.thread(id, row.post)
      const own = thread.filter(({ clauses, accepted }) => clauses.length > 0 && accepted !== null)
      kept.set(row.post, { at: answeredAt(row), answer: together(own) })
      progress(++done, rows.length)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, open))
  return rows.map((row) => ({
    ...row,
    division: divisions!.get(row.place.division) ?? NOWHERE,
    district: districts!.get(row.place.district) ?? NOWHERE,
    upazila: upazilas!.get(row.place.upazila) ?? NOWHERE,
    answer: kept.get(row.post)?.answer ?? null,
  }))
}

/**
 * The newest answer, with the newest value of every field: who fills in a form for one clause and answers another later has not
 * taken his numbers back.
 */
function together(answers: readonly Answer[]): Answer | null {
  const newest = answers.at(-1)
  if (!newest) return null
  const values = Object.assign({}, ...answers.map((answer) => answer.values ?? {})) as Record<string, string>
  return { ...newest, values }
}

const NOWHERE: Name = { bn: '', en: '' }

/** When the newest answer to any clause came; 0 where none did. */
function answeredAt({ clauses }: BoardRow): number {
  return Math.max(0, ...clauses.map(({ answered }) => answered ?? 0))
}

async function everyRow(client: Pick<Smarak, 'board'>, id: string): Promise<BoardRow[]> {
  const rows: BoardRow[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = (await client.board(id, { filter: '', ...(cursor && { cursor }) })) as BoardRows
    rows.push(...page.rows)
    cursor = page.cursor
  }
  return rows
}

async function namesOf(client: Pick<Smarak, 'board'>, id: string, group: string): Promise<Map<string, Name>> {
  const { groups } = (await client.board(id, { group })) as Board
  return new Map(groups.flatMap(({ key, name }): [string, Name][] => (name ? [[key, name]] : [])))
}

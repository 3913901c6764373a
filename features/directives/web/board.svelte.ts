import { untrack } from 'svelte'
import type { Live } from '../../../web/shell/live.svelte.ts'
import type { Board } from '../board.ts'
import type { Curve } from '../curve.ts'
import type { BoardRow, BoardRows } from '../rows.ts'
import { type Inside, insideOf, keyedInside, ownOf, type Stage, treeOf, wantsAnswers } from './board-view.ts'

export type BoardFilter = keyof Board['filters'] | `at-${Stage}`

/** Numbers change at most this often, and are asked for anew after this long even when nothing was heard. */
const least = 1000
const most = 20_000

/** The board of one directive: counts as the server has them, followed live; groups and rows fetched when opened. */
export class BoardState {
  readonly app: Live
  readonly id: string
  board: Board | null = $state.raw(null)
  curve: Curve | null = $state.raw(null)
  failed = $state('')
  filter: BoardFilter | null = $state(null)
  /** The rows of the filter. */
  found: { rows: BoardRow[]; cursor: string | null } | null = $state.raw(null)
  inside: ReadonlyMap<string, Inside> = $state.raw(new Map())
  open: ReadonlySet<string> = $state.raw(new Set())

  answers = $derived(wantsAnswers(this.board?.clauses ?? []))
  tree = $derived(treeOf(this.board?.groups ?? [], this.inside, this.open))
  #asking = false
  #last = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(app: Live, id: string) {
    this.app = app
    this.id = id
    $effect(() => {
      untrack(() => void this.refresh())
      const off = app.client.onChange(() => this.#soon(least))
      return () => {
        off()
        clearTimeout(this.#timer)
        this.#timer = undefined
      }
    })
  }

  /** Fetches everything that is in sight again. What cannot be fetched leaves what was there. */
  async refresh(): Promise<void> {
    if (this.#asking) return
    this.#asking = true
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#last = Date.now()
    try {
      const { client } = this.app
      const [board, curve] = await Promise.all([client.board(this.id, {}), client.curve(this.id)])
      const inside = new Map<string, Inside>()
      for (const key of this.open) inside.set(key, await this.#fetchInside(key, this.inside.get(key)))
      if (this.filter) this.found = await this.#fetchRows(this.filter, undefined, this.found?.rows.length)
      this.board = board as Board
      this.curve = curve as Curve
      this.inside = inside
      this.failed = ''
    } catch (error) {
      this.failed = (error as { code?: string }).code ?? 'internal'
    } finally {
      this.#asking = false
      this.#soon(most)
    }
  }

  async toggle(key: string): Promise<void> {
    const open = new Set(this.open)
    if (open.delete(key)) this.open = open
    else await this.enter(key)
  }

  /** Opens a group, and those around it. */
  async enter(key: string): Promise<void> {
    if (!this.inside.has(key)) {
      try {
        this.inside = new Map([...this.inside, [key, await this.#fetchInside(key)]])
      } catch (error) {
        this.failed = (error as { code?: string }).code ?? 'internal'
        return
      }
    }
    this.open = new Set([...this.open, key])
  }

  /** The next rows of a group. */
  async more(key: string): Promise<void> {
    const within = this.inside.get(key)
    if (!within || !('rows' in within) || within.cursor === null) return
    const next = await this.#fetchRows('', key, undefined, within.cursor)
    this.inside = new Map([...this.inside, [key, { rows: [...within.rows, ...next.rows], cursor: next.cursor }]])
  }

  async choose(filter: BoardFilter | null): Promise<void> {
    this.filter = filter
    this.found = null
    if (!filter) return
    try {
      const found = await this.#fetchRows(filter)
      if (this.filter === filter) this.found = found // else another was chosen meanwhile
    } catch (error) {
      this.failed = (error as { code?: string }).code ?? 'internal'
    }
  }

  async moreFound(): Promise<void> {
    const { filter, found } = this
    if (!filter || !found || found.cursor === null) return
    const next = await this.#fetchRows(filter, undefined, undefined, found.cursor)
    this.found = { rows: [...found.rows, ...next.rows], cursor: next.cursor }
  }

  /** Every row, for the report. */
  async allRows(): Promise<BoardRow[]> {
    const { rows } = await this.#fetchRows('', undefined, Number.POSITIVE_INFINITY)
    return rows
  }

  async #fetchInside(key: string, before?: Inside): Promise<Inside> {
    const own = ownOf(key)
    if (own === null && insideOf(key) === 'district') return this.#fetchGroups('district', key)
    if (this.board?.standing === 'above')
      return own === null ? this.#fetchGroups(key === '-' ? 'office' : 'upazila', key) : { groups: [] }
    if (own === null) return this.#fetchRows('', key, before && 'rows' in before ? before.rows.length : undefined)
    // @NOTE The server counts by area; what lies in a division but in no district is picked out here.
    const { rows } = await this.#fetchRows('', own, Number.POSITIVE_INFINITY)
    return { rows: rows.filter(({ place }) => place.district === ''), cursor: null }
  }

  async #fetchGroups(group: string, within: string): Promise<Inside> {
    const { groups } = (await this.app.client.board(this.id, { group, within })) as Board
    return { groups: keyedInside(within, groups) }
  }

  /** At least `wanted` rows when there are as many: a refreshed list is not shorter than it was. */
  async #fetchRows(filter: string, within?: string, wanted = 1, from?: string): Promise<BoardRows> {
    const rows: BoardRow[] = []
    let cursor: string | null = from ?? null
    do {
      const page: BoardRows = (await this.app.client.board(this.id, {
        filter,
        ...(within !== undefined && { within }),
        ...(cursor !== null && { cursor }),
      })) as BoardRows
      rows.push(...page.rows)
      cursor = page.cursor
    } while (cursor !== null && rows.length < wanted)
    return { rows, cursor }
  }

  #soon(wait: number): void {
    if (wait === least) {
      clearTimeout(this.#timer)
      this.#timer = undefined
    }
    const rest = Math.max(0, this.#last + wait - Date.now())
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      if (document.visibilityState === 'visible') void this.refresh()
      else this.#soon(most)
    }, rest)
  }
}

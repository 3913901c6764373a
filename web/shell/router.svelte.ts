import { tick } from 'svelte'
import { outwards, type Place, pathOf, placeOf, sameScreen } from './routes.ts'

type Mark = { depth: number; row?: string }

/**
 * The History API as state. Focus follows the reader: to the title of a new screen, and back to the row it was opened
 * from on return.
 */
export class Router {
  place: Place = $state.raw(placeOf(location.pathname, location.hash))
  #depth = 0

  constructor() {
    this.#depth = mark().depth
    history.replaceState({ ...mark(), depth: this.#depth }, '')
    addEventListener('popstate', () => this.#arrive(placeOf(location.pathname, location.hash), mark().row))
  }

  /** Opens `place`. `replace` when it takes the place of this one (a filter, a step), so that back leaves both. */
  go(place: Place, { replace = false } = {}): void {
    const row = (document.activeElement?.closest('[data-row]') as HTMLElement | null)?.dataset.row
    if (replace) {
      history.replaceState(mark(), '', pathOf(place))
    } else {
      history.replaceState({ ...mark(), row }, '')
      this.#depth++
      history.pushState({ depth: this.#depth } satisfies Mark, '', pathOf(place))
    }
    this.#arrive(place)
  }

  /** Out of this screen: by the browser's own history when we came through it, else one step outwards. */
  back(): void {
    const out = outwards(this.place)
    if (mark().depth > 0) history.back()
    else if (out) this.go(out, { replace: true })
  }

  #arrive(place: Place, row?: string): void {
    const before = this.place
    this.place = place
    this.#depth = mark().depth
    if (!sameScreen(before, place)) void settleFocus(row)
  }
}

function mark(): Mark {
  const state = history.state as Partial<Mark> | null
  return { depth: state?.depth ?? 0, ...(state?.row !== undefined && { row: state.row }) }
}

async function settleFocus(row?: string): Promise<void> {
  await tick()
  const returning = row === undefined ? null : document.querySelector<HTMLElement>(`[data-row="${CSS.escape(row)}"]`)
  const titles = [...document.querySelectorAll<HTMLElement>('[data-title]')].filter(
    (title) => !title.closest('[inert]'),
  )
  const target = returning && !returning.closest('[inert]') ? returning : titles.at(-1)
  target?.focus({ preventScroll: target !== returning })
}

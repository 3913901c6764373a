import { CoveringView, carryOut } from '../client/covering.ts'
import type { Transport } from '../client/transport.ts'
import type { Root } from '../client/trust.ts'
import { Refusal } from '../core/refusal.ts'
import type { Registrar } from '../features/directory/registrar.ts'

type Needs = {
  /** Signed in as the maker. */
  transport: Transport
  root: Root
  registrar: Registrar
}

/** How often it is looked whether the log has grown. */
const LOOK_EVERY = 2_000
/** Looks although it has not: absences begin and end by the clock. */
const LOOK_ANYWAY = 30_000

/**
 * Personnel of a demonstration: what an operator does by `./smarak cover --carry-out`, within seconds and for as long as it lives. It
 * does not do what wants somebody's look, as where the post above declared it. Returns what ends it.
 */
export function coverByItself({ transport, root, registrar }: Needs): () => void {
  const view = new CoveringView(transport, root)
  let looked = { at: 0, size: -1 }
  const look = async () => {
    const [now, size] = [Date.now(), Number((await transport.checkpoint()).split('\n')[1])]
    if (size === looked.size && now - looked.at < LOOK_ANYWAY) return
    for (const one of await view.look(now)) {
      if (one.state !== 'give' && one.state !== 'end') continue
      await carryOut(one, { directory: view.directory, now, registrarFor: () => registrar })
    }
    looked = { at: now, size }
  }
  let timer: NodeJS.Timeout | undefined
  let ended = false
  const round = async () => {
    try {
      await look()
    } catch (error) {
      // A server that restarts: the next look finds things as they are.
      if (!(error instanceof Refusal)) throw error
    }
    if (!ended) timer = setTimeout(round, LOOK_EVERY)
  }
  void round()
  return () => {
    ended = true
    clearTimeout(timer)
  }
}

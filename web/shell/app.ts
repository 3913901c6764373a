import { createContext } from 'svelte'
import type { Clock } from './clock.svelte.ts'
import type { Live } from './live.svelte.ts'
import type { Prefs } from './prefs.svelte.ts'
import type { Router } from './router.svelte.ts'

/** What every screen may reach. */
export type Frame = { prefs: Prefs; clock: Clock; router: Router }

/** The words, the clock and the way about: there from the first page on. */
export const [frame, setFrame] = createContext<Frame>()

/** The client: there once this browser is somebody's device. */
export const [live, setLive] = createContext<Live>()

import type { SmarakClient } from '../client.ts'
import { openDoor } from '../door.ts'
import { MemoryStore } from '../memory-store.ts'
import type { Store } from '../store.ts'
import type { IssueDraft } from '../views.ts'
import type { Wire } from '../wire.ts'
import { World } from './world.ts'

/** A person of the plan with a device of his own, on the world's log. Nothing waits, nothing happens by a timer. */
export async function official(
  world: World,
  person: string,
  { store = new MemoryStore(), wire = world.log.wire(), replacing = false } = {} as {
    store?: Store
    wire?: Wire
    replacing?: boolean
  },
): Promise<SmarakClient> {
  const door = doorTo(world, store, wire)
  return (await door.join(await world.code(person, { replacing }))) as SmarakClient
}

/** A service whose record room is read by somebody, as every service's is before anything is issued. */
export async function settledWorld(): Promise<World> {
  const world = await World.open()
  await official(world, 'keeper')
  return world
}

export function doorTo(world: World, store: Store, wire: Wire = world.log.wire()) {
  return openDoor({
    store,
    wire,
    label: 'test',
    now: () => world.log.now,
    sleep: async () => {},
    later: () => () => {},
    undoFor: 0,
  })
}

/** A short letter to all UNOs, which asks one answer to clause ক and an acknowledgement. */
export function letter(world: World, more: Partial<IssueDraft> = {}): IssueDraft {
  return {
    post: world.id('post', 'ds'),
    summary: { memo: '05.00.0000.110.99.002.17-1337', subject: 'নির্দেশনা প্রতিপালন', date: '2024-10-22', issuer: 'ds' },
    parts: [{ label: 'clause:ক', value: 'যত্নবান হতে হবে' }],
    lines: [{ n: 1, purpose: 0, selectors: [[0, 'uno']] }],
    clauses: [
      { label: '', ask: 'acknowledge' },
      { label: 'ক', ask: 'once' },
    ],
    due: null,
    grade: 0,
    urgency: 0,
    ...more,
  }
}

import { setTimeout } from 'node:timers/promises'
import type { Progress } from '../client/act.ts'
import type { SmarakClient } from '../client/client.ts'
import type { Sent } from '../client/outbox.ts'
import { openDoor } from '../client/smarak.ts'
import type { Store } from '../client/store.ts'
import type { Door } from '../client/views.ts'
import { openWire, type Wire } from '../client/wire.ts'
import { Refusal } from '../core/refusal.ts'
import { say } from '../language/words.ts'
import type { Args, Io, Option } from './command.ts'
import { openProfile } from './profile.ts'

export const deskOptions: Record<string, Option> = {
  profile: { value: 'DIR', says: 'cli.options.profile' },
  server: { value: 'URL', says: 'cli.options.server' },
}

export const postOption: Record<string, Option> = { post: { value: 'CODE', says: 'cli.options.post' } }

const QUICK = 50
const KEY_TRIES = 10

/** A joined person at work in one command: brought up to the log, or offline with what the profile knows. */
export type Desk = { client: SmarakClient; online: boolean }

/** The door to a server for a store that no second process has. Nothing happens by itself: a command does what it does and ends. */
export function doorOf(store: Store, server: string): Pick<Door, 'join'> & { saved(): Promise<SmarakClient | null> } {
  const { wire, sleep } = impatient(openWire({ origin: server }))
  return openDoor({ store, wire, sleep, label: `smarak, ${process.platform}`, later: () => () => {}, undoFor: 0 })
}

/** Somebody waits at a keyboard: until a server has answered at all, tries follow each other quickly. */
function impatient(wire: Wire): { wire: Wire; sleep: (milliseconds: number) => Promise<void> } {
  let answered = false
  const ask: Wire['ask'] = async (asked) => {
    const reply = await wire.ask(asked)
    answered = true
    return reply
  }
  return { wire: { ...wire, ask }, sleep: (ms) => setTimeout(answered ? ms : Math.min(ms, QUICK)) }
}

/**
 * Runs `work` with the profile that `--profile` names, everything kept in its outbox sent first. Throws what `openProfile`
 * throws, and whatever shuts this device out.
 */
export async function atDesk(args: Args, io: Io, work: (desk: Desk) => Promise<number>): Promise<number> {
  const { store, server } = await openProfile(args.needed('profile'), args)
  try {
    const client = await doorOf(store, server).saved()
    if (!client) throw new Refusal('no_profile', 'Nobody has joined', { profile: args.text('profile') })
    try {
      return await work({ client, online: await catchUp(client, io) })
    } finally {
      await client.settled()
    }
  } finally {
    await store.close()
  }
}

/** Brings the device up to the log and sends what was kept, telling what became of it. False without a connection. */
async function catchUp(client: SmarakClient, { err, lang }: Io): Promise<boolean> {
  const before = client.outbox
  const online = await passing(client.sync())
  const after = new Map(client.outbox.map((entry) => [entry.id, entry]))
  const sent = before.filter(({ id }) => !after.has(id))
  if (sent.length > 0) err(say(lang, 'cli.outbox.sent', { n: sent.length }))
  const refused = client.outbox.filter(({ state }) => state === 'attention')
  if (refused.length > 0) err(say(lang, 'cli.outbox.attention', { n: refused.length, command: './smarak outbox' }))
  return online
}

/**
 * Gives the key of a letter that has only just come a while to follow: whoever brings it was woken by the same news. Without a
 * connection, or for a letter that can be read, it waits for nothing.
 */
export async function awaitKey({ client, online }: Desk, id: string, pause = 1_000): Promise<void> {
  for (let tries = 0; online && tries < KEY_TRIES; tries++) {
    if (!client.rows.some((row) => row.id === id && row.unreadable)) return
    await setTimeout(pause)
    await passing(client.sync())
  }
}

/** Whether it got through; throws anything but a lost connection. */
async function passing(work: Promise<unknown>): Promise<boolean> {
  try {
    await work
    return true
  } catch (error) {
    if (error instanceof Refusal && error.code === 'offline') return false
    throw error
  }
}

/**
 * Sends the act just put into the outbox and waits for its place in the log; null where somebody had done the same before.
 * Throws what refused it, the act then being forgotten; and `kept_in_outbox` where no answer came: whatever command comes next
 * with this profile sends it, once.
 */
export async function send({ client, online }: Desk, local: string, progress?: Progress): Promise<Sent | null> {
  if (!online) throw kept(local)
  const { outbox, sync } = client.device
  const sent = (await outbox.flush(progress)).find((one) => one.local === local)
  if (sent) {
    await passing(sync.run())
    return sent
  }
  const entry = client.outbox.find(({ id }) => id === local)
  if (!entry) return null
  if (entry.state !== 'attention') throw kept(local)
  await client.discard(local)
  throw new Refusal(entry.code ?? 'internal', 'The server refused it', entry.details)
}

function kept(local: string): Refusal {
  return new Refusal('kept_in_outbox', 'No answer yet', { outbox: local })
}

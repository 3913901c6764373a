import { Refusal } from '../core/refusal.ts'
import { formatNumber } from '../language/digits.ts'
import { say, sayIfKnown } from '../language/words.ts'
import { type Args, type Command, EXIT, type Io } from './command.ts'
import { atDesk, type Desk, deskOptions } from './desk.ts'
import { requireOnline } from './issue.ts'

/** As `Held` of server/channels/held.ts; `cost` in hundredths of a taka. */
type Held = { id: number; directive: string; kind: string; channel: string; people: number; cost: number; made: number }

/** `held list`: what waits until somebody has seen its cost: of what one's posts issued, and for an operator all. */
export const heldList: Command = {
  options: deskOptions,
  json: true,
  run: (args, io) =>
    atDesk(args, io, async (desk) => {
      const held = await listHeld(desk)
      if (io.json) io.out(JSON.stringify({ held }))
      else io.out(held.map((one) => lineOf(one, io)).join('\n') || say(io.lang, 'cliRunning.held.none'))
      return EXIT.ok
    }),
}

/** `held release N`: it goes, and costs what was said. */
export const heldRelease = actOn('confirm')

/** `held drop N`: it does not go by that way. */
export const heldDrop = actOn('drop')

function actOn(act: 'confirm' | 'drop'): Command {
  return {
    words: { say: 'N', least: 1, most: 1 },
    options: deskOptions,
    json: true,
    run: (args, io) =>
      atDesk(args, io, async (desk) => {
        const one = await heldIn(args, desk)
        await desk.client.api(`/api/sending/held/${one.id}/${act}`, {})
        if (io.json) io.out(JSON.stringify({ ...one, released: act === 'confirm' }))
        else if (act === 'drop') io.out(say(io.lang, 'cliRunning.held.dropped'))
        else io.out(say(io.lang, 'cliRunning.held.released', { people: one.people, cost: taka(one, io) }))
        return EXIT.ok
      }),
  }
}

async function listHeld(desk: Desk): Promise<Held[]> {
  requireOnline(desk)
  return ((await desk.client.api('/api/sending/held')) as { held: Held[] }).held
}

async function heldIn(args: Args, desk: Desk): Promise<Held> {
  const [id] = args.words as [string]
  const one = (await listHeld(desk)).find((held) => String(held.id) === id)
  if (!one) throw new Refusal('not_found', 'Nothing of that number waits', { id })
  return one
}

function lineOf(one: Held, io: Io): string {
  const { id, kind, channel, people, directive } = one
  const what = sayIfKnown(io.lang, `contacts.held.kinds.${kind}`) ?? kind
  const way = sayIfKnown(io.lang, `channels.names.${channel}`) ?? channel
  return say(io.lang, 'cliRunning.held.row', {
    id: String(id),
    what,
    channel: way,
    people,
    cost: taka(one, io),
    directive,
  })
}

function taka({ cost }: Held, { lang }: Io): string {
  return formatNumber(lang, cost / 100, 2)
}

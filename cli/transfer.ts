import { idText } from '../core/item.ts'
import { Refusal } from '../core/refusal.ts'
import { type Charge, charges } from '../features/directory/country/import-shape.ts'
import { chargeId } from '../features/directory/drafts.ts'
import type { Holding, Id } from '../features/directory/index.ts'
import { dhakaTime } from '../language/time.ts'
import { say } from '../language/words.ts'
import { type Args, type Command, EXIT, Usage } from './command.ts'
import { dayIn } from './day.ts'
import { byHands, type Hands, handOptions, openHands, registrarOf } from './hands.ts'

/**
 * `transfer --person CODE [--from POST] [--to POST]`: by two hands an official leaves a post, takes one over, or both, in that order.
 * One that was cut off is simply run again on the same day, or with its `--date`.
 */
export const transfer: Command = {
  options: {
    ...handOptions,
    person: { value: 'CODE', says: 'cliRunning.options.moved' },
    from: { value: 'POST', says: 'cliRunning.options.leaves' },
    to: { value: 'POST', says: 'cliRunning.options.takes' },
    charge: { value: 'KIND', says: 'cliRunning.options.charge' },
    date: { value: 'YYYY-MM-DD', says: 'cliRunning.options.movedOn' },
    order: { value: 'MEMO', says: 'cliRunning.options.order' },
  },
  json: true,
  more: () => `--charge: ${charges.join(' · ')}`,
  async run(args, io) {
    const move = moveIn(args, io.now())
    const { person, from, to, date } = move
    const hands = await openHands(args, { maker: 'make', checker: 'check' })
    try {
      const { service } = hands
      const { id } = await service.person(person)
      // Both are looked at before anything is done.
      const left = from === undefined ? undefined : await charged(hands, move, id, from)
      const times = to === undefined ? 0 : await timesHeld(hands, move, id, to)
      const key = await hands.keyFor(JSON.stringify(['transfer', move, left?.appointment, times]), io.now())
      const registrar = registrarOf(hands, key)
      await byHands(hands, async () => {
        if (left) await registrar.end(left, date, move.order).catch(asNoCharge(person, from!))
        if (to === undefined) return
        const holding = { post: to, charge: move.charge, ...(move.order !== null && { order: move.order }) }
        await registrar.appoint(person, holding, date, times)
      })
      const vacant = from !== undefined && (await service.post(from)).holders.length === 0
      const { lang } = io
      if (io.json) io.out(JSON.stringify({ ...move, vacant, joined: service.hasDevice(id) }))
      else {
        if (from !== undefined) io.out(say(lang, 'cliRunning.transfer.left', { person, post: from }))
        if (to !== undefined) io.out(say(lang, 'cliRunning.transfer.took', { person, post: to }))
        if (vacant) io.out(say(lang, 'cliRunning.transfer.vacant', { post: from }))
        if (to !== undefined && !service.hasDevice(id)) io.out(say(lang, 'cliRunning.transfer.code', { person }))
      }
      return EXIT.ok
    } finally {
      await hands.close()
    }
  },
}

type Move = {
  person: string
  from: string | undefined
  to: string | undefined
  charge: Charge
  date: string
  order: string | null
}

function moveIn(args: Args, now: number): Move {
  const person = args.needed('person')
  const [from, to] = [args.text('from'), args.text('to')]
  if (from === undefined && to === undefined) throw new Usage('missing_option', { option: '--from / --to' })
  const charge = args.text('charge') ?? 'regular'
  if (!isCharge(charge)) throw new Usage('bad_value', { option: '--charge', value: charge })
  return {
    person,
    from,
    to,
    charge,
    date: dayIn(args, 'date') ?? dhakaTime(now).date,
    order: args.text('order') ?? null,
  }
}

function isCharge(word: string): word is Charge {
  return (charges as readonly string[]).includes(word)
}

/** The charge to be ended; one that was ended counts, as the command may have been cut off after that. */
async function charged(hands: Hands, { person }: Move, id: Id, code: string): Promise<Holding> {
  const held = await heldBy(hands, id, code)
  const holding = held.find(({ until }) => until === null) ?? held.at(-1)
  if (!holding) throw noCharge(person, code)
  return holding
}

/** How often he held it before. Throws `Refusal('holds_already')`, unless this very command gave it to him and was cut off. */
async function timesHeld(hands: Hands, { person, date }: Move, id: Id, code: string): Promise<number> {
  const held = await heldBy(hands, id, code)
  const times = held.filter(({ until }) => until !== null).length
  const own = idText(chargeId(hands.service.key, person, code, date, times))
  if (held.some(({ until, appointment }) => until === null && appointment !== own))
    throw new Refusal('holds_already', `${person} holds ${code}`, { person, post: code })
  return times
}

async function heldBy({ service }: Hands, person: Id, code: string): Promise<Holding[]> {
  const { id } = await service.post(code)
  return service.directory.holdingsOf(person).filter(({ post }) => post === id)
}

function asNoCharge(person: string, post: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof Refusal && ['conflict', 'already_done'].includes(error.code)) throw noCharge(person, post)
    throw error
  }
}

function noCharge(person: string, post: string): Refusal {
  return new Refusal('no_charge', `${person} does not hold ${post}`, { person, post })
}

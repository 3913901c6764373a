import { fromBase64url } from '../core/bytes.ts'
import { Refusal } from '../core/refusal.ts'
import { TICKET_LIFE } from '../features/directory/registrar.ts'
import { formatMoment } from '../language/time.ts'
import { say } from '../language/words.ts'
import { type Command, EXIT, Usage } from './command.ts'
import { byHands, type Hands, handOptions, openHands, registrarOf } from './hands.ts'

/**
 * `ticket --person CODE`: a joining code for one device of a person. For one who has a device it takes both hands, and the code's
 * use closes that device: it stands for a lost phone.
 */
export const ticket: Command = {
  options: { ...handOptions, person: { value: 'CODE', says: 'cli.options.person', many: true } },
  json: true,
  async run(args, io) {
    const people = args.all('person')
    if (people.length === 0) throw new Usage('missing_option', { option: '--person' })
    const hands = await openHands(args, { maker: 'ticket', checker: 'ticket' }, false)
    try {
      const now = io.now()
      const expires = now + TICKET_LIFE
      // All are looked at before any code is made: codes are shown once and belong to somebody.
      const wanted = await lookUp(hands, people)
      for (const { person, id, replacing } of wanted) {
        const tickets = () =>
          registrarOf(hands, hands.service.key).tickets([id], hands.service.root.fingerprint, now, { replacing })
        const [code] = await byHands(hands, tickets)
        const until = formatMoment(io.lang, expires, now)
        io.out(
          io.json
            ? JSON.stringify({ person, code, expires, replacing })
            : say(io.lang, 'cli.ticket.made', { person, code: code!, until }),
        )
      }
      return EXIT.ok
    } finally {
      await hands.close()
    }
  },
}

async function lookUp({ service, checker }: Hands, people: readonly string[]) {
  const found: { person: string; id: Uint8Array<ArrayBuffer>; replacing: boolean }[] = []
  for (const person of new Set(people)) {
    const { id } = await service.person(person)
    const replacing = service.hasJoined(id)
    if (replacing && !checker) throw new Refusal('has_device', `${person} has a device`, { person })
    found.push({ person, id: fromBase64url(id), replacing })
  }
  return found
}

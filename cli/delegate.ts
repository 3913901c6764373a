import { Refusal } from '../core/refusal.ts'
import { say } from '../language/words.ts'
import { type Command, EXIT } from './command.ts'
import { type Hands, registrarOf, rootHands, rootOptions } from './hands.ts'
import { staffOptions } from './staff.ts'

/**
 * `delegate`: the root keys hand over to the personnel maker and checker, and can then register nobody themselves. Refused until
 * both have joined, or nobody could give out joining codes any more. May be run again.
 */
export const delegate: Command = {
  options: { server: { value: 'URL', says: 'cli.options.server' }, ...rootOptions, ...staffOptions },
  json: true,
  async run(args, io) {
    const [maker, checker] = [args.needed('maker'), args.needed('checker')]
    const hands = await rootHands(args)
    await requireJoined(hands, maker, checker)
    const registrar = registrarOf(hands, hands.service.key)
    await registrar.delegate(maker, ['register', 'make', 'ticket'])
    await registrar.delegate(checker, ['check', 'ticket'])
    io.out(io.json ? JSON.stringify({ maker, checker }) : say(io.lang, 'cli.delegate.done', { maker, checker }))
    return EXIT.ok
  },
}

async function requireJoined({ service }: Hands, ...posts: string[]): Promise<void> {
  const people = new Set<string>()
  for (const code of posts) {
    const { holders } = await service.post(code)
    const joined = holders.find(({ person }) => service.hasDevice(person))
    if (!joined) throw new Refusal('not_joined', `No holder of ${code} has joined`, { post: code })
    people.add(joined.person)
  }
  if (people.size < posts.length) throw new Refusal('one_hand', 'Maker and checker are one person')
}

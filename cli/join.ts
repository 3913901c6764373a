import type { SmarakClient } from '../client/client.ts'
import { openFileStore } from '../client/file-store.ts'
import type { Store } from '../client/store.ts'
import { Refusal } from '../core/refusal.ts'
import { say } from '../language/words.ts'
import { type Command, EXIT, Usage } from './command.ts'
import { doorOf } from './desk.ts'
import { nameOf } from './posts-said.ts'
import { SERVER, serverIn } from './profile.ts'
import { codeOf } from './which.ts'

/**
 * `join --server URL --code CODE --profile DIR`: makes the directory a device of the person the code is for. A joining whose
 * answer was lost is finished by the same words again.
 */
export const join: Command = {
  options: {
    server: { value: 'URL', says: 'cli.options.server' },
    code: { value: 'CODE', says: 'cli.options.code' },
    profile: { value: 'DIR', says: 'cli.options.newProfile' },
  },
  json: true,
  async run(args, io) {
    const server = serverIn(args)
    if (server === undefined) throw new Usage('missing_option', { option: '--server' })
    const [code, profile] = [args.needed('code'), args.needed('profile')]
    const store = await openFileStore(profile)
    try {
      const client = await joined(store, server, code, profile)
      const { person, posts } = client.me
      const name = nameOf(person.name, io.lang)
      if (io.json) {
        const held = posts.map(({ id, name, charge }) => ({ id, code: codeOf(client, id), title: name.title, charge }))
        io.out(JSON.stringify({ server, profile, person, device: client.device.keys.id, posts: held }))
      } else {
        io.out(say(io.lang, 'cli.join.done', { name, profile }))
        for (const { id, name } of posts) {
          io.out(`  ${codeOf(client, id)}: ${nameOf(name.title, io.lang)}, ${nameOf(name.office, io.lang)}`)
        }
      }
      return EXIT.ok
    } finally {
      await store.close()
    }
  },
}

async function joined(store: Store, server: string, code: string, profile: string): Promise<SmarakClient> {
  const before = await store.get<string>(SERVER.table, SERVER.key)
  if ((await store.get('meta', 'person')) !== undefined) throw new Refusal('profile_taken', 'Joined', { profile })
  // @NOTE Kept first: a device that has joined must know where. Bytes that went to one server never go to another.
  const unfinished = (await store.get('meta', 'joining')) !== undefined
  if (unfinished && before !== server) throw new Refusal('profile_taken', 'Joining elsewhere', { profile })
  await store.write([{ ...SERVER, value: server }])
  const door = doorOf(store, server)
  if (!unfinished) {
    try {
      await door.join(code)
    } catch (error) {
      // What brings him up to the log may come later: he has joined.
      const isIn = (await store.get('meta', 'person')) !== undefined
      if (!isIn || !(error instanceof Refusal) || error.code !== 'offline') throw error
    }
  }
  const client = await door.saved()
  if (!client) throw new TypeError('joined, and nothing was saved')
  if (unfinished) await client.sync()
  return client
}

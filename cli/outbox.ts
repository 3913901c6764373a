import type { OutboxEntry } from '../client/views.ts'
import { Refusal } from '../core/refusal.ts'
import { formatMoment } from '../language/time.ts'
import { say, sayRefusal } from '../language/words.ts'
import { type Command, EXIT, type Io, Usage } from './command.ts'
import { atDesk, type Desk, deskOptions, send } from './desk.ts'

/** `outbox`: acts that wait for a connection, and those refused when they went. With the id of one, `--retry` or `--discard`. */
export const outbox: Command = {
  words: { say: '[ID]', least: 0, most: 1 },
  options: { ...deskOptions, retry: { says: 'cli.options.retry' }, discard: { says: 'cli.options.discard' } },
  json: true,
  async run(args, io) {
    const [id] = args.words
    const again = args.flag('retry')
    if (id !== undefined && again === args.flag('discard')) throw new Usage('missing_option', { option: '--retry' })
    return atDesk(args, io, async (desk) => {
      if (id !== undefined) await (again ? retry(desk, id) : discard(desk, id))
      const entries = desk.client.outbox
      if (io.json) io.out(JSON.stringify({ outbox: entries }))
      else io.out(entries.map((entry) => entryText(entry, io)).join('\n') || say(io.lang, 'cli.outbox.empty'))
      return EXIT.ok
    })
  },
}

async function retry(desk: Desk, id: string): Promise<void> {
  find(desk, id)
  await desk.client.retry(id)
  await send(desk, id)
}

async function discard(desk: Desk, id: string): Promise<void> {
  find(desk, id)
  await desk.client.discard(id)
}

function find({ client }: Desk, id: string): void {
  if (!client.outbox.some((entry) => entry.id === id)) throw new Refusal('not_found', 'Not in the outbox', { id })
}

function entryText({ id, what, title, at, code, details }: OutboxEntry, { lang, now }: Io): string {
  const state = code === undefined ? say(lang, 'common.outbox.waiting') : sayRefusal(lang, code, details)
  return `${id}  ${formatMoment(lang, at, now())} · ${say(lang, `cli.outbox.what.${what}`)} · ${title}\n  ${state}`
}

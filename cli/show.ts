import type { Answer, DirectiveDetail } from '../client/views.ts'
import { Refusal } from '../core/refusal.ts'
import { amended } from '../features/directives/web/amended.ts'
import { fieldsIn, fieldText } from '../features/directives/web/asked-fields.ts'
import { answerWords } from '../features/directives/web/states.ts'
import { formatMoment } from '../language/time.ts'
import { say } from '../language/words.ts'
import { letterFromParts } from '../letters/parts.ts'
import type { Prefs } from '../web/shell/prefs.svelte.ts'
import { type Command, EXIT, type Io } from './command.ts'
import { atDesk, awaitKey, type Desk, deskOptions, postOption, send } from './desk.ts'
import { rowJson, rowText, sayAge } from './inbox.ts'
import { requireOnline } from './issue.ts'
import { letterText } from './letter-text.ts'
import { nameOf, postOf } from './posts-said.ts'
import { idOfPost, rowToRead } from './which.ts'

/**
 * `show ID`: the letter and its thread, or with `--of` that of another addressed post, for those who may read it. Showing it to
 * an addressee signs that it was opened, once.
 */
export const show: Command = {
  words: { say: 'ID', least: 1, most: 1 },
  takesIds: true,
  options: { ...deskOptions, ...postOption, of: { value: 'CODE', says: 'cli.options.of' } },
  json: true,
  async run(args, io) {
    const [id] = args.words as [string]
    return atDesk(args, io, async (desk) => {
      const { client } = desk
      await awaitKey(desk, id)
      const row = rowToRead(id, args, client)
      if (row.unreadable) throw new Refusal('cannot_open', 'No key on this device yet', { id })
      const of = args.text('of')
      if (of !== undefined) requireOnline(desk)
      const detail = await opened(desk, id, row.post, of === undefined ? undefined : idOfPost(of, client))
      if (io.json) io.out(JSON.stringify(detailJson(detail, desk)))
      else {
        sayAge(desk, io)
        io.out(detailText(detail, desk, io))
      }
      return EXIT.ok
    })
  },
}

async function opened(desk: Desk, id: string, post: string, of: string | undefined): Promise<DirectiveDetail> {
  const { client, online } = desk
  const detail = await client.open(id, post)
  // Behind an opened letter its thread is still being fetched, one at a time: after ours nothing is on its way any more.
  const thread = online ? await client.thread(id, of ?? post).catch(none(of)) : null
  if (detail.parts !== null) {
    await client.shown(id, post)
    const receipt = client.outbox.find(({ what }) => what === 'open')
    if (receipt && online) await send(desk, receipt.id)
  }
  return { ...detail, thread: thread ?? detail.thread }
}

/** A post that only supervises, or that issued, has no thread of its own. */
function none(of: string | undefined) {
  return (error: unknown): null => {
    if (of === undefined && error instanceof Refusal && ['not_found', 'offline'].includes(error.code)) return null
    throw error
  }
}

function detailJson(detail: DirectiveDetail, { client }: Desk) {
  const { parts, thread, openedAt = null, acknowledgedAt = null } = detail
  const fields = fieldsIn(amended(parts ?? [], detail.changes).parts)
  return { ...rowJson(detail, client), openedAt, acknowledgedAt, parts, fields, thread }
}

function detailText(detail: DirectiveDetail, { client }: Desk, io: Io): string {
  const { parts, thread } = detail
  const known = parts?.flatMap(({ label, value }) =>
    label !== 'issuer' && typeof value === 'string' ? [{ label, text: value }] : [],
  )
  const prefs = { say: say.bind(null, io.lang) as Prefs['say'] }
  const asked = fieldsIn(amended(parts ?? [], detail.changes).parts).map(
    (one) => `  ${one.key} · ${fieldText(prefs, one)}`,
  )
  return [
    rowText(detail, client, io),
    '',
    known ? letterText(letterFromParts(known), io.lang) : say(io.lang, 'cli.show.notFetched'),
    ...(asked.length > 0 ? ['', say(io.lang, 'fields.asked'), ...asked] : []),
    ...(thread.length > 0 ? ['', say(io.lang, 'answer.title'), ...thread.map((one) => answerText(one, io))] : []),
  ].join('\n')
}

function answerText(
  { by, person, clauses, state, note, accepted, values = {}, files = [] }: Answer,
  { lang, now }: Io,
): string {
  const when = accepted === null ? say(lang, 'common.where.willSend') : formatMoment(lang, accepted, now())
  const which = clauses.map((label) => label || say(lang, 'letter.parts.wholeLetter')).join(', ')
  const what = which && `${which}: ${say(lang, answerWords[state])}`
  const carried = [...Object.entries(values).map(([key, value]) => `${key}=${value}`), ...files.map(({ name }) => name)]
  return `  ${[nameOf(person, lang), postOf(by, lang), when, what, note, ...carried].filter(Boolean).join(' · ')}`
}

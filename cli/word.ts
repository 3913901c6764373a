import type { SmarakClient } from '../client/client.ts'
import type { IssueDraft } from '../client/views.ts'
import { Refusal } from '../core/refusal.ts'
import { isBelow } from '../features/directives/index.ts'
import { dhakaTime } from '../language/time.ts'
import { type Args, type Io, type Option, Usage } from './command.ts'
import { deskOptions, postOption } from './desk.ts'
import { idOfPost } from './which.ts'

/** What a superior says to posts below in a line or two: with a letter passed on, or alone. */
export const wordsOptions: Record<string, Option> = {
  ...deskOptions,
  to: { value: 'CODE', says: 'cliFollowing.options.to', many: true },
  text: { value: 'TEXT', says: 'cliFollowing.options.text' },
  due: { value: 'YYYY-MM-DD', says: 'cli.options.due' },
  ...postOption,
}

/** A subject is what a list shows. */
const LONGEST_SUBJECT = 120

export function wordsIn(args: Args): string {
  const text = args.needed('text').normalize('NFC').trim()
  if (text === '') throw new Usage('missing_value', { option: '--text' })
  return text
}

/**
 * The posts that `--to` names by code or by role (`uno`: every such post below); without it all directly below `post`. Throws
 * `Refusal`: `no_such_addressee` naming the roles there are below, `not_subordinate` naming who is not below, `no_addressee`.
 */
export async function addresseesBelow(args: Args, post: string, client: SmarakClient): Promise<string[]> {
  const names = (await client.names()) as { id: string; role: string; supervisor?: string | null }[]
  const known = new Map(names.map((name) => [name.id, { supervisor: name.supervisor ?? null }]))
  const below = (id: string) => isBelow(id, post, { post: (one) => known.get(one) as never })
  const rolesBelow = () =>
    [...new Set(names.filter(({ id }) => below(id)).map(({ role }) => role))].filter(Boolean).sort().join(', ') || '-'
  const asked = args.all('to')
  const chosen = asked.flatMap((code) => {
    const ofRole = names.filter((name) => name.role === code).map(({ id }) => id)
    const own = ofRole.filter(below)
    if (ofRole.length > 0) return own.length > 0 ? own : ofRole
    const id = idOfPost(code, client)
    if (!known.has(id)) throw new Refusal('no_such_addressee', `No post or role ${code}`, { code, roles: rolesBelow() })
    return [id]
  })
  const to =
    asked.length > 0 ? [...new Set(chosen)] : names.filter((name) => name.supervisor === post).map(({ id }) => id)
  const strangers = to.filter((id) => !below(id))
  if (strangers.length > 0)
    throw new Refusal('not_subordinate', 'Not below', { parties: strangers, count: strangers.length })
  if (to.length === 0) throw new Refusal('no_addressee', 'Nobody below')
  return to
}

/** Those words as a letter of one paragraph, to be acknowledged. */
export function endorsement(said: {
  post: string
  text: string
  to: string[]
  due: number | null
  client: SmarakClient
  io: Io
}): IssueDraft {
  const { post, text, to, due, client, io } = said
  const [line = text] = text.split('\n')
  return {
    post,
    summary: {
      memo: '',
      subject: [...line].slice(0, LONGEST_SUBJECT).join(''),
      date: dhakaTime(io.now()).date,
      issuer: client.me.posts.find(({ id }) => id === post)?.name.title.bn ?? '',
    },
    parts: [{ label: 'paragraph:', value: text }],
    lines: [{ n: 1, purpose: 0, selectors: to.map((id) => [2, id]) }],
    clauses: [{ label: '', ask: 'acknowledge' }],
    due,
    grade: 0,
    urgency: 0,
  }
}

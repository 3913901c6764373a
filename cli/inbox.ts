import type { SmarakClient } from '../client/client.ts'
import type { DirectiveRow } from '../client/views.ts'
import { owedOf } from '../features/directives/web/sections.ts'
import { answerWords, progressWords } from '../features/directives/web/states.ts'
import { formatMoment } from '../language/time.ts'
import { say } from '../language/words.ts'
import { type Command, EXIT, type Io } from './command.ts'
import { atDesk, type Desk, deskOptions, postOption } from './desk.ts'
import { postOf } from './posts-said.ts'
import { codeOf, postIn } from './which.ts'

/** `inbox`: every letter the person's posts have, newest first. Without a connection it says what is known, and since when. */
export const inbox: Command = {
  options: { ...deskOptions, ...postOption },
  json: true,
  async run(args, io) {
    return atDesk(args, io, async (desk) => {
      const { client } = desk
      const post = postIn(args, client)
      const rows = client.rows.filter((row) => !post || row.post === post.id)
      if (!io.json) {
        sayAge(desk, io)
        io.out(rows.map((row) => rowText(row, client, io)).join('\n\n') || say(io.lang, 'cli.inbox.empty'))
        return EXIT.ok
      }
      const { online } = desk
      const { lastSync } = client.connection
      io.out(JSON.stringify({ online, lastSync, directives: rows.map((row) => rowJson(row, client)) }))
      return EXIT.ok
    })
  },
}

/** Says when this profile was last up to date, where it is not now. */
export function sayAge({ client, online }: Desk, { err, lang, now }: Io): void {
  if (online) return
  const { lastSync } = client.connection
  const last = lastSync === null ? say(lang, 'cli.inbox.never') : formatMoment(lang, lastSync, now())
  err(say(lang, 'cli.inbox.offline', { last }))
}

/** A row with the codes of its posts; what is absent is null. */
export function rowJson(row: DirectiveRow, client: SmarakClient) {
  const { cancelled = null, supersededBy = null, unreadable = null, line = null, queued = 0, ...rest } = row
  const post = codeOf(client, row.post)
  const issuer = { ...row.issuer, code: codeOf(client, row.issuer.id) }
  return { ...rest, post, issuer, cancelled, supersededBy, unreadable, line, queued }
}

/** What a person at a terminal needs of a row. */
export function rowText(row: DirectiveRow, client: SmarakClient, { lang, now }: Io): string {
  const { id, subject, memo, issuer, due, progress, said, unreadable } = row
  const facts = [
    ended(row, { lang }) ?? say(lang, said ? answerWords[said] : progressWords[progress]),
    row.role === 'addressed' ? owedText(row, { lang }) : say(lang, `cli.inbox.roles.${row.role}`),
    due === null ? '' : say(lang, 'cli.inbox.due', { due: formatMoment(lang, due, now()) }),
    row.late ? say(lang, 'common.states.late') : '',
  ]
  return [
    `${id}  ${codeOf(client, row.post)}`,
    `  ${unreadable ? say(lang, 'cli.inbox.noKey') : [memo, subject].filter(Boolean).join(' · ')}`,
    `  ${postOf(issuer, lang)}`,
    `  ${facts.filter(Boolean).join(' · ')}`,
  ].join('\n')
}

function ended({ cancelled, supersededBy }: DirectiveRow, { lang }: Pick<Io, 'lang'>): string | undefined {
  if (cancelled) return [say(lang, 'common.states.withdrawn'), cancelled.reason].filter(Boolean).join(': ')
  return supersededBy && `${say(lang, 'common.states.amended')} → ${supersededBy}`
}

function owedText(row: DirectiveRow, { lang }: Pick<Io, 'lang'>): string {
  return owedOf(row)
    .map((owed) =>
      owed.what === 'clauses'
        ? say(lang, 'today.owed.clauses', { labels: owed.labels.join(', ') })
        : say(lang, `today.owed.${owed.what}`),
    )
    .join(', ')
}

import { CoveringView, carryOut, type Owed } from '../client/covering.ts'
import { Refusal } from '../core/refusal.ts'
import type { Covering } from '../features/directives/index.ts'
import type { Directory, Id } from '../features/directory/index.ts'
import { formatDate } from '../language/calendar.ts'
import type { Lang } from '../language/digits.ts'
import { dhakaTime } from '../language/time.ts'
import { say, sayIfKnown } from '../language/words.ts'
import { type Command, EXIT, Usage } from './command.ts'
import { handOptions, openHands, registrarOf } from './hands.ts'

const { server, 'profile-maker': maker, 'profile-checker': checker } = handOptions

/**
 * `cover`: who is away, who was named to act meanwhile, and whether he has the charge for it. With `--carry-out` two hands give and end
 * what is owed; it may be run at any time and again after a cut. A post above its own word is enough only where `--post` names it.
 */
export const cover: Command = {
  options: {
    server: server!,
    'profile-maker': maker!,
    'profile-checker': checker!,
    'carry-out': { says: 'cliRunning.options.carryOut' },
    post: { value: 'POST', says: 'cliRunning.options.coveredPost', many: true },
  },
  json: true,
  async run(args, io) {
    args.needed('profile-maker')
    const carries = args.flag('carry-out')
    const hands = await openHands(args, { maker: 'make', checker: 'check' }, carries)
    try {
      const { service, transport } = hands
      if (!transport) throw new Usage('missing_option', { option: '--profile-maker' })
      const posts = args.all('post')
      const asked = new Set<Id>()
      for (const code of posts) asked.add((await service.post(code)).id)
      const now = io.now()
      const view = new CoveringView(transport, service.root)
      const found = (await view.look(now, posts)).filter(({ post }) => posts.length === 0 || asked.has(post))
      const { directory } = view
      const registrarFor = async (act: string) => registrarOf(hands, await hands.keyFor(act, now))
      const rows: Row[] = []
      for (const one of found) {
        const row = rowOf(one, directory)
        if (carries && isOwed(one)) await carried(row, () => carryOut(one, { directory, now, registrarFor }))
        rows.push(row)
      }
      if (io.json) io.out(JSON.stringify({ carriedOut: carries, coverings: rows }))
      else for (const line of linesOf(found, rows, { directory, carries, lang: io.lang })) io.out(line)
      return rows.some(({ failed }) => failed) ? EXIT.refused : EXIT.ok
    } finally {
      await hands.close()
    }
  },
}

/** One line of the list, as `--json` gives it; posts and people by their codes. */
type Row = {
  post: string
  cover: string | null
  /** Who acts, is to, or is to no more. */
  person: string | null
  state: Covering['state']
  why: string | null
  absence: Id
  reason: string
  /** ISO dates. */
  from: string
  to: string | null
  declaredAbove: boolean
  done?: boolean
  /** The code of a refusal. */
  failed?: string
}

function isOwed(covering: Covering): covering is Owed {
  return covering.state === 'give' || covering.state === 'end'
}

/** What was refused for one post keeps nobody else from his charge. */
async function carried(row: Row, act: () => Promise<void>): Promise<void> {
  try {
    await act()
    row.done = true
  } catch (error) {
    if (!(error instanceof Refusal) || error.code === 'offline') throw error
    row.failed = error.code
  }
}

function rowOf(covering: Covering, directory: Directory): Row {
  const { post, state, declared } = covering
  const { cover, reason, from, to } = declared.absence
  const code = (id: Id | null) => (id === null ? null : (directory.post(id)?.code ?? id))
  const person = 'person' in covering ? covering.person : 'holding' in covering ? covering.holding.person : null
  return {
    post: code(post)!,
    cover: code(cover),
    person: person && (directory.person(person)?.code ?? person),
    state,
    why: 'why' in covering ? covering.why : null,
    absence: declared.id,
    reason,
    from: dhakaTime(from).date,
    to: to === null ? null : dhakaTime(to).date,
    declaredAbove: declared.by.post !== post,
  }
}

type Wording = { directory: Directory; carries: boolean; lang: Lang }

function linesOf(found: readonly Covering[], rows: readonly Row[], { directory, carries, lang }: Wording): string[] {
  if (found.length === 0) return [say(lang, 'cliRunning.cover.none')]
  const named = (id: Id | null) => {
    const post = id === null ? undefined : directory.post(id)
    return post ? `${post.code} (${post.name[lang] || post.name.bn})` : say(lang, 'common.nouns.post')
  }
  const worded = (key: string, words = {}) => sayIfKnown(lang, `cliRunning.cover.${key}`, words) ?? key
  const lines = found.map(({ post, declared }, i) => {
    const { state, why, from, to, reason, person, done, failed } = rows[i]!
    const told = failed ? 'failed' : done ? (state === 'give' ? 'given' : 'ended') : state
    const span = to === null ? 'absence.activeOpen' : 'absence.active'
    const words = {
      post: named(post),
      cover: named(declared.absence.cover),
      person: person ?? '',
      why: failed ?? (why ? worded(`why.${why}`, { options: '--post' }) : ''),
      absence: say(lang, span, {
        reason: sayIfKnown(lang, `absence.reasons.${reason}`) ?? '',
        from: formatDate(lang, from),
        to: to === null ? '' : formatDate(lang, to),
      }),
    }
    return worded(told, words)
  })
  const owed = rows.filter(({ state }) => state === 'give' || state === 'end').length
  if (!carries && owed > 0)
    lines.push(say(lang, 'cliRunning.cover.owed', { n: owed, options: '--profile-checker DIR --carry-out' }))
  return lines
}

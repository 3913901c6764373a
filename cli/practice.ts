import type { SmarakClient } from '../client/client.ts'
import { Refusal } from '../core/refusal.ts'
import type { PracticeView } from '../features/directives/practice-route.ts'
import { digitsOf } from '../language/digits.ts'
import { sayWallClock } from '../language/wall-clock.ts'
import { say } from '../language/words.ts'
import { type Args, type Command, EXIT, type Io, Usage } from './command.ts'
import { atDesk, deskOptions, send } from './desk.ts'
import { requireOnline } from './issue.ts'
import {
  PARTS,
  type PracticePart,
  type Practised,
  readChecks,
  readHolidayFile,
  readHours,
  readQuiet,
  readRoutes,
  readRule,
} from './read-practice.ts'
import { readText } from './read-text.ts'
import { idOfOffice, idOfPost } from './which.ts'

const NOTHING: Practised = { hours: null, checks: null, quiet: null, reminders: null, holidays: null, routes: null }

/** `practice`: how an office works; with any of its options, its head says it anew. What is not named stays as it was said. */
export const practice: Command = {
  options: {
    ...deskOptions,
    office: { value: 'CODE|service', says: 'cliRunning.options.office' },
    hours: { value: 'sun-thu=09:00-17:00', says: 'cliRunning.options.hours', many: true },
    checks: { value: '09:30,12:30', says: 'cliRunning.options.checks' },
    quiet: { value: '21:00-07:00', says: 'cliRunning.options.quiet' },
    before: { value: 'MINUTES', says: 'cliRunning.options.before' },
    every: { value: 'MINUTES', says: 'cliRunning.options.every' },
    most: { value: 'N', says: 'cliRunning.options.most' },
    escalate: { value: 'MINUTES', says: 'cliRunning.options.escalate' },
    holidays: { value: 'FILE', says: 'cliRunning.options.holidays' },
    route: { value: 'POST=POST,…', says: 'cliRunning.options.route', many: true },
    'as-above': {
      value: 'hours|checks|quiet|reminders|holidays|routes',
      says: 'cliRunning.options.asAbove',
      many: true,
    },
  },
  json: true,
  async run(args, io) {
    return atDesk(args, io, async (desk) => {
      requireOnline(desk)
      const { client } = desk
      const view = await readView(args, client)
      const said = await saidIn(args, io, view, client)
      if (!said) {
        io.out(io.json ? JSON.stringify(view) : textOf(view, io))
        return EXIT.ok
      }
      const as = view.writers[0]
      if (!as) throw new Refusal('not_allowed', 'Neither the head of that office nor who registers it')
      const sent = await send(desk, await client.following.sayPractice({ office: view.office, ...said }, as))
      const index = sent?.index ?? null
      const now = await readView(args, client)
      if (io.json) io.out(JSON.stringify({ ...now, index }))
      else
        io.out(
          [
            say(io.lang, 'cliRunning.practice.said', { office: nameOf(now, io), index: index ?? '–' }),
            textOf(now, io),
          ].join('\n'),
        )
      return EXIT.ok
    })
  },
}

async function readView(args: Args, client: SmarakClient): Promise<PracticeView> {
  const code = args.text('office')
  const query = code === undefined ? '' : `?office=${code === 'service' ? code : idOfOffice(code, client)}`
  const { offices } = (await client.api(`/api/practice${query}`)) as { offices: PracticeView[] }
  const [view] = offices
  if (!view) throw new Refusal('not_found', 'This profile holds no post of an office')
  return view
}

/** What is to be said, over what was said before; undefined where no option says anything. */
async function saidIn(args: Args, io: Io, view: PracticeView, client: SmarakClient): Promise<Practised | undefined> {
  const said: Practised = { ...NOTHING, ...view.said }
  const before = structuredClone(said)
  let any = false
  const set = (change: Partial<Practised>) => {
    any = true
    Object.assign(said, change)
  }
  for (const part of args.all('as-above')) {
    if (!PARTS.includes(part as PracticePart)) throw new Usage('bad_value', { option: '--as-above', value: part })
    set({ [part]: null })
  }
  const [checks, quiet, holidays] = [args.text('checks'), args.text('quiet'), args.text('holidays')]
  const [hours, routes] = [args.all('hours'), args.all('route')]
  if (hours.length > 0) set({ hours: readHours(hours) })
  if (checks !== undefined) set({ checks: readChecks(checks) })
  if (quiet !== undefined) set({ quiet: readQuiet(quiet) })
  if (holidays !== undefined) set({ holidays: readHolidayFile(holidays, await readText(holidays, io)) })
  if (routes.length > 0) set({ routes: readRoutes(routes, (code) => idOfPost(code, client)) })
  const rule = {
    before: args.text('before'),
    every: args.text('every'),
    most: args.text('most'),
    escalate: args.text('escalate'),
  }
  if (Object.values(rule).some((value) => value !== undefined))
    set({ reminders: readRule(rule, before.reminders ?? view.holds.reminders) })
  return any ? said : undefined
}

function nameOf({ name }: PracticeView, { lang }: Io): string {
  return name ? name[lang] || name.bn : say(lang, 'practice.service')
}

function textOf(view: PracticeView, io: Io): string {
  const { lang } = io
  const { holds, said } = view
  const nothing = say(lang, 'cliRunning.practice.nothing')
  const span = ({ from, to }: { from: number; to: number }) => `${sayWallClock(lang, from)}–${sayWallClock(lang, to)}`
  const listed = (items: string[]) => (items.length > 0 ? items.join(', ') : nothing)
  const hours = holds.hours.map((parts, i) => {
    const day = say(lang, `practice.hours.days.${String(i) as '0'}`)
    return `${day} ${parts.length > 0 ? parts.map(span).join(', ') : say(lang, 'cliRunning.practice.off')}`
  })
  const names = new Map([...view.posts, ...view.elsewhere].map(({ id, name }) => [id, name[lang] || name.bn]))
  const { before, every, most, escalate } = holds.reminders
  const values: Record<PracticePart, string> = {
    hours: hours.join(' · '),
    checks: listed(holds.checks.map((time) => sayWallClock(lang, time))),
    quiet: holds.quiet ? span(holds.quiet) : nothing,
    reminders: say(lang, 'cliRunning.practice.rule', {
      before: listed(before.map((minutes) => digitsOf(lang, minutes))),
      every,
      most,
      escalate: listed(escalate.map((minutes) => digitsOf(lang, minutes))),
    }),
    holidays: listed(
      (said?.holidays ?? []).map(({ date, bn, en }) =>
        say(lang, 'cliRunning.practice.holiday', { date, name: lang === 'bn' ? bn : en }),
      ),
    ),
    routes: listed(
      (said?.routes ?? []).map(({ post, approvers }) =>
        [post, ...approvers].map((id) => names.get(id) ?? id).join(' → '),
      ),
    ),
  }
  const rows = PARTS.map((part) => {
    const own =
      said?.[part] || part === 'routes' || part === 'holidays' ? '' : ` (${say(lang, 'cliRunning.practice.above')})`
    return `  ${say(lang, 'cliRunning.practice.row', { what: say(lang, `cliRunning.practice.parts.${part}`), value: values[part] + own })}`
  })
  return [nameOf(view, io), ...rows].join('\n')
}

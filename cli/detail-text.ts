import type { SmarakClient } from '../client/client.ts'
import type { Answer, DirectiveDetail, Enclosed, Part, RowChange } from '../client/views.ts'
import { amended } from '../features/directives/web/amended.ts'
import { fieldsIn, fieldText } from '../features/directives/web/asked-fields.ts'
import { partName } from '../features/directives/web/part-name.ts'
import { answerWords } from '../features/directives/web/states.ts'
import type { Lang } from '../language/digits.ts'
import { formatMoment } from '../language/time.ts'
import { say } from '../language/words.ts'
import { letterFromParts } from '../letters/parts.ts'
import type { Prefs } from '../web/shell/prefs.svelte.ts'
import type { Io } from './command.ts'
import { rowText } from './inbox.ts'
import { letterText } from './letter-text.ts'
import { nameOf, postOf } from './posts-said.ts'

type Words = Pick<Io, 'lang' | 'now'>

/** An opened directive for a person at a terminal: as it stands now, what was changed in it, what it passes on, and its thread. */
export function detailText(detail: DirectiveDetail, client: SmarakClient, io: Io): string {
  const { parts, changes, enclosed, thread } = detail
  const { lang } = io
  const prefs = prefsIn(lang)
  const asked = fieldsIn(amended(parts ?? [], changes).parts).map((one) => `  ${one.key} · ${fieldText(prefs, one)}`)
  return [
    rowText(detail, client, io),
    ...(parts ? lettered(parts, changes, io) : ['', say(lang, 'cli.show.notFetched')]),
    ...(asked.length > 0 ? ['', say(lang, 'fields.asked'), ...asked] : []),
    ...(enclosed ? enclosedText(enclosed, io) : []),
    ...(thread.length > 0 ? ['', say(lang, 'answer.title'), ...thread.map((one) => answerText(one, io))] : []),
  ].join('\n')
}

/** What a letter passes on, and whether its signature holds. */
function enclosedText({ issuer, parts, changes, checked, cancelled, supersededBy }: Enclosed, io: Words): string[] {
  const { lang } = io
  const time = cancelled ? formatMoment(lang, cancelled.at, io.now()) : ''
  return [
    '',
    say(lang, 'forms.enclosed.title'),
    say(lang, 'forms.enclosed.from', { post: postOf(issuer, lang) }),
    say(lang, checked ? 'forms.enclosed.checked' : 'forms.enclosed.unchecked'),
    ...(cancelled ? [`${say(lang, 'forms.enclosed.withdrawn', { time })}: ${cancelled.reason}`] : []),
    ...(supersededBy ? [say(lang, 'forms.enclosed.superseded')] : []),
    ...lettered(parts, changes, io),
  ]
}

/** What its issuer changed, the letter as it stands after that, and what stood there before. */
function lettered(signed: readonly Part[], changes: readonly RowChange[], io: Words): string[] {
  const { lang } = io
  const prefs = prefsIn(lang)
  const { parts, was } = amended(signed, changes)
  const known = parts.flatMap(({ label, value }) =>
    label !== 'issuer' && typeof value === 'string' ? [{ label, text: value }] : [],
  )
  const before = [...was].flatMap(([label, { texts, gone }]) => [
    `  ${partName(prefs, label)}${gone ? ` · ${say(lang, 'forms.changes.gone')}` : ''}`,
    ...texts.map((text) => `    ${say(lang, 'forms.changes.before')} ${text}`),
  ])
  return [
    ...changes.map((change) => changeText(change, io)),
    '',
    letterText(letterFromParts(known), lang),
    ...(before.length > 0 ? ['', say(lang, 'forms.changes.rowAmended'), ...before] : []),
  ]
}

function changeText(change: RowChange, { lang, now }: Words): string {
  const moment = (time: number) => formatMoment(lang, time, now())
  const what =
    change.kind === 'extend'
      ? say(lang, 'forms.changes.extended', { due: moment(change.due) })
      : say(lang, `forms.changes.${change.kind === 'amend' ? 'amended' : 'reminded'}`, { time: moment(change.at) })
  const waits = change.kind === 'amend' && change.parts.length === 0 ? say(lang, 'forms.changes.waiting') : ''
  return `  ${[what, change.reason, waits].filter(Boolean).join(' · ')}`
}

function answerText(
  { by, person, clauses, state, note, accepted, values = {}, files = [] }: Answer,
  { lang, now }: Words,
): string {
  const when = accepted === null ? say(lang, 'common.where.willSend') : formatMoment(lang, accepted, now())
  const which = clauses.map((label) => label || say(lang, 'letter.parts.wholeLetter')).join(', ')
  const what = which && `${which}: ${say(lang, answerWords[state])}`
  const carried = [...Object.entries(values).map(([key, value]) => `${key}=${value}`), ...files.map(({ name }) => name)]
  return `  ${[nameOf(person, lang), postOf(by, lang), when, what, note, ...carried].filter(Boolean).join(' · ')}`
}

function prefsIn(lang: Lang): Pick<Prefs, 'say'> {
  return { say: say.bind(null, lang) as Prefs['say'] }
}

import type { AnswerState, DirectiveRow } from '../client/views.ts'
import { Refusal } from '../core/refusal.ts'
import { ANSWER_STATES } from '../features/directives/entries.ts'
import { canAnswer } from '../features/directives/rules.ts'
import { dutiesOf } from '../features/directives/web/answering.ts'
import { answerWords } from '../features/directives/web/states.ts'
import { fromDhaka } from '../language/time.ts'
import { say } from '../language/words.ts'
import { askedBy, filesIn, requireFew, typedIn, valuesOf } from './answer-form.ts'
import { type Args, type Command, EXIT, Usage } from './command.ts'
import { dayIn } from './day.ts'
import { atDesk, awaitKey, deskOptions, postOption, send } from './desk.ts'
import { codeOf, requireStanding, rowToAct } from './which.ts'

/**
 * `answer ID --clause গ --state STATE --note TEXT --value KEY=VALUE --file PATH`: one signed answer, sealed with what the letter asks
 * for and the files. Without a clause it is for every clause that asks for one, or for the whole letter where none does.
 */
export const answer: Command = {
  words: { say: 'ID', least: 1, most: 1 },
  takesIds: true,
  options: {
    ...deskOptions,
    clause: { value: 'LABEL', says: 'cli.options.clause', many: true },
    state: { value: ANSWER_STATES.join('|'), says: 'cli.options.state' },
    note: { value: 'TEXT', says: 'cli.options.note' },
    until: { value: 'YYYY-MM-DD', says: 'cli.options.until' },
    value: { value: 'KEY=VALUE', says: 'cli.options.value', many: true },
    file: { value: 'PATH', says: 'cli.options.file', many: true },
    ...postOption,
  },
  json: true,
  async run(args, io) {
    const [id] = args.words as [string]
    const state = stateIn(args)
    const until = untilIn(args, state, io.now())
    const note = noteIn(args, state)
    const typed = typedIn(args)
    const paths = requireFew(args)
    return atDesk(args, io, async (desk) => {
      const { client } = desk
      await awaitKey(desk, id)
      const row = rowToAct(id, args, client)
      const clauses = clausesIn(args, row, state)
      const asked = askedBy(await client.open(id, row.post), clauses)
      const values = valuesOf(typed, asked, { state, files: paths.length, lang: io.lang })
      const files = await filesIn(args, io, client)
      const carried = { ...(Object.keys(values).length > 0 && { values }), ...(files.length > 0 && { files }) }
      const local = await client.answer({ directive: id, post: row.post, clauses, state, until, note, ...carried })
      const { id: item = null, index = null } = (await send(desk, local)) ?? {}
      const told = { id, post: codeOf(client, row.post), clauses, state, values, files: files.length, item, index }
      const words = { state: say(io.lang, answerWords[state]), subject: row.subject }
      io.out(io.json ? JSON.stringify(told) : say(io.lang, 'cli.answer.done', words))
      return EXIT.ok
    })
  },
}

function stateIn(args: Args): AnswerState {
  const value = args.needed('state')
  const state = ANSWER_STATES.find((one) => one === value)
  if (!state) throw new Usage('bad_value', { option: '--state', value })
  return state
}

/** The end of the day on which it will be done, which work in progress has to name. Throws `Usage`. */
function untilIn(args: Args, state: AnswerState, now: number): number | null {
  const value = dayIn(args, 'until')
  if (value === undefined && state === 'progress') throw new Usage('missing_option', { option: '--until' })
  if (value === undefined) return null
  const until = fromDhaka(value, 23, 59)
  if (until <= now) throw new Usage('past_date', { value })
  return until
}

/** What is not done, and why: a screen asks for it too. Throws `Usage('missing_option')`. */
function noteIn(args: Args, state: AnswerState): string {
  const note = args.text('note')?.trim() ?? ''
  const needsReason = state === 'impossible' || state === 'notours' || state === 'problem'
  if (needsReason && note === '') throw new Usage('missing_option', { option: '--note' })
  return note
}

/**
 * Refused here already, since an act kept for later should not turn out wrong then. Throws `Refusal`: `directive_ended`,
 * `no_such_clause`, `unfit_state`.
 */
function clausesIn(args: Args, row: DirectiveRow, state: AnswerState): string[] {
  requireStanding(row)
  const duties = dutiesOf(row).map(({ label }) => label)
  const typed = args.all('clause').map((label) => label.normalize('NFC').trim())
  const labels = typed.length > 0 ? [...new Set(typed)] : duties.length > 0 ? duties : ['']
  for (const label of labels) {
    const clause = row.clauses.find((one) => one.label === label)
    if (!clause) {
      const known = row.clauses.map(({ label }) => label).filter(Boolean)
      throw new Refusal('no_such_clause', `No clause ${label}`, { clause: label, clauses: known.join(', ') })
    }
    if (!canAnswer(clause.ask, state)) throw new Refusal('unfit_state', 'Asked otherwise', { clause: label, state })
  }
  return labels
}

import type { TrackingSummary } from '../features/directives/board.ts'
import { formatNumber } from '../language/digits.ts'
import { say } from '../language/words.ts'
import { type Command, EXIT, type Io } from './command.ts'
import { atDesk, deskOptions } from './desk.ts'
import { requireOnline } from './issue.ts'

/** `track ID`: how far a letter came, in numbers: for the post that issued it, and for those above its addressees. */
export const track: Command = {
  words: { say: 'ID', least: 1, most: 1 },
  takesIds: true,
  options: deskOptions,
  json: true,
  async run(args, io) {
    const [id] = args.words as [string]
    return atDesk(args, io, async (desk) => {
      requireOnline(desk)
      const path = `/api/directives/${encodeURIComponent(id)}/summary`
      const summary = (await desk.client.device.transport.json(path)) as TrackingSummary
      io.out(io.json ? JSON.stringify(summary) : summaryText(summary, io))
      return EXIT.ok
    })
  },
}

const COUNTS = ['addressees', 'delivered', 'opened', 'acknowledged', 'answered', 'late', 'vacant'] as const
const STATES = ['none', 'done', 'progress', 'impossible', 'notours', 'kept', 'problem'] as const

function summaryText(summary: TrackingSummary, { lang }: Io): string {
  const counts = COUNTS.map((name) => `${say(lang, `cli.track.${name}`)}: ${formatNumber(lang, summary[name])}`)
  const clauses = summary.byClause.map(({ label, states }) => {
    const said = STATES.filter((state) => states[state] > 0)
    const each = said.map((state) => `${say(lang, `cli.track.states.${state}`)} ${formatNumber(lang, states[state])}`)
    return `  ${label || say(lang, 'letter.parts.wholeLetter')}: ${each.join(' · ')}`
  })
  return [...counts, ...clauses].join('\n')
}

import { Refusal } from '../core/refusal.ts'
import { parseCsv } from '../features/directory/country/csv.ts'
import type { Lang } from '../language/digits.ts'
import { say, sayIfKnown } from '../language/words.ts'
import { type Command, EXIT } from './command.ts'
import { atDesk, deskOptions } from './desk.ts'
import { progressTo } from './import.ts'
import { requireOnline } from './issue.ts'
import { readText } from './read-text.ts'

/** What one call takes: well below 64 KB, however long the addresses are. */
const PART = 200

type Row = { row: number; cells: string[] }
type Fault = { row: number; column: string; fault: string; value: string }
type Answer = { at: number; n: number; faults: Fault[] }

/**
 * `contacts FILE`: an operator's list of telephone numbers and e-mail addresses (person, channel, address) in the place of the one
 * before. All of it is looked at before any is taken; cut off between, the same words again finish it.
 */
export const contacts: Command = {
  words: { say: 'FILE', least: 1, most: 1 },
  options: deskOptions,
  json: true,
  async run(args, io) {
    const [file] = args.words as [string]
    const { rows, badQuotes } = parseCsv(await readText(file, io))
    return atDesk(args, io, async (desk) => {
      requireOnline(desk)
      const parts = Array.from({ length: Math.max(1, Math.ceil(rows.length / PART)) }, (_, i) =>
        rows.slice(i * PART, (i + 1) * PART),
      )
      const tell = progressTo(io)
      const post = (part: Row[], at: number | null, last: boolean) =>
        desk.client.api('/api/contacts/import', { rows: part, at, last }) as Promise<Answer>
      const faults: Fault[] = badQuotes.map((row) => ({ row, column: '', fault: 'quotes', value: '' }))
      // A list without anybody still has its heading; an empty file is a slip, and would leave nobody reachable.
      if (rows.length === 0) faults.push({ row: 1, column: '', fault: 'columns', value: '' })
      let at = 0
      for (const [i, part] of parts.entries()) {
        const answer = await post(part, null, false)
        at ||= answer.at
        faults.push(...answer.faults)
        tell(i, parts.length * 2)
      }
      if (faults.length > 0) throw badList(file, faults)
      let n = 0
      for (const [i, part] of parts.entries()) {
        n += (await post(part, at, i === parts.length - 1)).n
        tell(parts.length + i, parts.length * 2)
      }
      io.out(io.json ? JSON.stringify({ n }) : say(io.lang, 'cliRunning.contacts.done', { n }))
      return EXIT.ok
    })
  },
}

function badList(file: string, faults: Fault[]): Refusal {
  const placed = faults
    .toSorted((a, b) => a.row - b.row)
    .map(({ row, column, ...fault }) => {
      const told = { bn: wordsOf('bn', fault), en: wordsOf('en', fault) }
      return { file, row, column, say: told }
    })
  return new Refusal('bad_contacts', `${faults.length} faults`, { n: faults.length, faults: placed })
}

function wordsOf(lang: Lang, { fault, value }: Pick<Fault, 'fault' | 'value'>): string {
  const [, phone] = /^bad_phone_(.*)$/.exec(fault) ?? []
  const why = phone ? sayIfKnown(lang, `channels.phone.${phone}`) : ''
  const said =
    sayIfKnown(lang, `cliRunning.contacts.faults.${phone ? 'bad_phone' : fault}`, {
      why: why ?? '',
      ways: 'sms, whatsapp, mail',
    }) ?? fault
  return value ? `${said} (${value})` : said
}

import { gatherAnswers } from '../client/gather.ts'
import { reportOf } from '../client/report.ts'
import { toBase64 } from '../core/bytes.ts'
import { gradeWords } from '../features/directives/web/states.ts'
import { say } from '../language/words.ts'
import { type Command, EXIT, Usage } from './command.ts'
import { atDesk, deskOptions } from './desk.ts'
import { progressTo } from './import.ts'
import { requireOnline } from './issue.ts'
import { rowToRead } from './which.ts'
import { writeReport } from './write-report.ts'

/**
 * `report ID --out FILE.pdf|FILE.csv`: the compliance report of a directive this post issued or supervises, out of the answers opened
 * here; the server could not make it.
 */
export const report: Command = {
  words: { say: 'ID', least: 1, most: 1 },
  takesIds: true,
  options: { ...deskOptions, out: { value: 'FILE', says: 'cliFollowing.options.report' } },
  json: true,
  async run(args, io) {
    const [id] = args.words as [string]
    const out = args.needed('out')
    if (!/\.(pdf|csv)$/i.test(out)) throw new Usage('bad_report', { option: '--out', value: out })
    return atDesk(args, io, async (desk) => {
      requireOnline(desk)
      const { client } = desk
      const row = rowToRead(id, args, client)
      const detail = await client.open(id, row.post)
      const rows = await gatherAnswers(client, id, progressTo(io))
      const { size, checkpoint } = client.device.proven.seen
      const holding = client.me.posts.find(({ id: post }) => post === row.post)
      const data = reportOf({
        lang: io.lang,
        detail,
        rows,
        maker: holding ? { person: client.me.person.name, post: holding.name } : null,
        mark: row.grade > 0 ? say(io.lang, gradeWords[row.grade]!) : '',
        checkpoint: { size, root: checkpoint ? toBase64(checkpoint.root) : '' },
        madeAt: io.now(),
      })
      await writeReport(data, out, io)
      const told = { file: out, rows: rows.length, answered: rows.filter(({ answer }) => answer).length }
      io.out(io.json ? JSON.stringify({ id, ...told }) : say(io.lang, 'cliFollowing.reported', told))
      return EXIT.ok
    })
  },
}

/** What the channels ask of directives when they tell somebody of them (`Known` in `server/channels/sender.ts`). */
import { fromBase64url } from '../../core/bytes.ts'
import type { Holiday } from '../../language/working-time.ts'
import type { Known } from '../../server/channels/index.ts'
import type { Read } from '../../server/db.ts'
import type { Directory } from '../directory/index.ts'
import { Practices, SERVICE, type Usual } from './habits.ts'
import { FrozenCache, readDirectives } from './store.ts'

type Asked = Parameters<Known['seenTo']>[1][number]

/** @param usual check times and quiet hours of an office that said nothing of its own */
export function tellingOf(
  directory: Directory,
  usual: Usual,
  holidays: readonly Holiday[] = [],
): Omit<Known, 'personOfDevice'> {
  const frozen = new FrozenCache()
  const practices = new Practices(directory, holidays, usual)

  return {
    personsOf(party) {
      const post = directory.post(party)
      if (post) return [...new Set(post.holders.map(({ person }) => person))]
      return directory.person(party) ? [party] : []
    },
    officeName: (office) => directory.office(office)?.name ?? null,
    habitsOf: (party) => practices.of(directory.post(party)?.office ?? SERVICE),
    // Whoever registers people for the whole service.
    isOperator: (posts) => posts.some((post) => directory.hasPower(post, 'make', null)),
    personByCode: (code) => directory.byCode('person', code),
    async seenTo(read, of) {
      await practices.refresh(read)
      return seenTo(read, of, frozen)
    },
    async issuersOf(read, directives) {
      return new Map((await readDirectives(read, directives)).map(({ id, issuer }) => [id, issuer]))
    },
  }
}

type Row = { i: number; ended: boolean; opened: boolean; replied: boolean; fetched: number }

/**
 * A new one is seen to once it was opened; a reminder and what is told above, once nothing is left without an answer; a change,
 * once a device of the party fetched it. Whatever ended needs no more telling, except that it ended.
 */
async function seenTo(read: Read, of: readonly Asked[], frozen: FrozenCache): Promise<boolean[]> {
  const stored = new Map(
    (await readDirectives(read, [...new Set(of.map(({ directive }) => directive))])).map((one) => [one.id, one]),
  )
  const numbers: (number | null)[] = []
  const places: (number | null)[] = []
  for (const { directive, addressee } of of) {
    const known = stored.get(directive)
    const n = known ? (await frozen.get(read, known.number)).indexOf(addressee) : -1
    numbers.push(known?.number ?? null)
    places.push(n < 0 ? null : n)
  }
  const rows = await read.many<Row>(
    `SELECT (a.o - 1)::int AS i, d.ended IS NOT NULL AS ended,
            coalesce(t.opened, t.acknowledged, t.spoke) IS NOT NULL AS opened,
            coalesce(t.replied IS NOT NULL OR t.owed = 0, false) AS replied,
            coalesce(v.cursor, 0) AS fetched
     FROM unnest($1::int[], $2::int[], $3::bytea[]) WITH ORDINALITY a (directive, n, party, o)
     LEFT JOIN directive d ON d.number = a.directive
     LEFT JOIN tracking t ON t.directive = a.directive AND t.clause = 0 AND t.n = a.n
     LEFT JOIN delivery v ON v.party = a.party`,
    [numbers, places, of.map(({ party }) => fromBase64url(party))],
  )
  const seen = of.map(() => false)
  for (const { i, ended, opened, replied, fetched } of rows) {
    const { kind, against } = of[i]!
    const stage = kind.split('-')[0]!
    if (stage === 'new') seen[i] = ended || opened
    else if (stage === 'reminder' || stage === 'escalation' || stage === 'remind') seen[i] = ended || replied
    else seen[i] = fetched > against
  }
  return seen
}

import { type Bytes, fromBase64url, toBase64url } from '../../core/bytes.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Read } from '../../server/db.ts'
import type { Route } from '../../server/routes.ts'
import type { Directory, Id } from '../directory/index.ts'
import type { Practices } from './habits.ts'
import { planFor, type Reminder, toldAbove } from './reminders.ts'
import { ENDED, readCovers, readDebtor } from './send-reminders.ts'
import { type FrozenCache, readDirectives } from './store.ts'

type Names = { bn: string; en: string }

/** A reminder to come; `to` is who will hear it. */
export type Planned = Reminder & { toName: Names | null }

/** One that was made. `due` is when it was to be made, `made` when it was. */
export type Made = { kind: string; nth: number; due: number; made: number; to: Id; toName: Names | null }

export type Plan = { planned: Planned[]; made: Made[] }

/** A notice to one of the viewer's parties. `addressee` is whose part of the directive it is about. */
export type NoticeRow = {
  id: number
  party: Id
  kind: string
  nth: number
  directive: Id
  addressee: Id
  urgency: number
  office: Id
  due: number
  made: number
}

export type NoticePage = { notices: NoticeRow[] /** For the next page; null at the end. */; cursor: string | null }

type Needs = {
  db: Read
  directory: Directory
  frozen: FrozenCache
  practices: Practices
  now: () => number
  mayReadThread: (directive: Id, post: Id, parties: readonly Id[]) => Promise<boolean>
}

const PAGE = 50

/** What the system will say by itself and what it said, for those concerned; and the calendar it reckons by. */
export function noticeRoutes(needs: Needs): Route[] {
  return [
    {
      method: 'GET',
      path: '/api/directives/:id/plan/:post',
      who: 'person',
      async answer({ viewer, params }) {
        return { json: await planOf(needs, viewer?.parties ?? [], params.id ?? '', params.post ?? '') }
      },
    },
    {
      method: 'GET',
      path: '/api/notices',
      who: 'person',
      async answer({ viewer, query }) {
        return { json: await noticesTo(needs.db, viewer?.parties ?? [], query.cursor) }
      },
    },
    {
      method: 'GET',
      path: '/api/calendar',
      who: 'person',
      async answer({ query }) {
        await needs.practices.refresh(needs.db)
        const { calendar, rule, checks, quiet } = needs.practices.of(query.office ?? '')
        const holidays = [...calendar.holidays.values()]
        return { json: { hours: calendar.hours, holidays, reminders: rule, checks, quiet } }
      },
    },
  ]
}

/** Throws `Refusal('not_found')` for everybody but the readers of that thread. */
async function planOf(needs: Needs, parties: readonly Id[], id: Id, addressee: Id): Promise<Plan> {
  const { db, directory, frozen, practices, now } = needs
  const readable = isId(id) && isId(addressee) && (await needs.mayReadThread(id, addressee, parties))
  const stored = readable ? (await readDirectives(db, [id]))[0] : undefined
  if (!stored) throw new Refusal('not_found', 'No such directive')
  await practices.refresh(db)
  const { rule, calendar } = practices.of(directory.post(stored.issuer)?.office ?? '')
  const n = (await frozen.get(db, stored.number)).indexOf(addressee)
  const [row, debtor, covers, made] = await Promise.all([
    db.one<{ urgency: number; ended: number | null }>(
      `SELECT d.urgency, ${ENDED} AS ended FROM directive d WHERE d.number = $1`,
      [stored.number],
    ),
    readDebtor(db, stored.number, n),
    readCovers(db, now()),
    madeAbout(db, id, addressee),
  ])
  const planned = planFor(
    { issued: stored.time, due: stored.due, urgency: row?.urgency ?? 0, ended: (row?.ended ?? null) !== null },
    {
      id: addressee,
      owes: (debtor?.owed ?? 1) > 0, // its row is still being written
      heard: debtor?.heard ?? null,
      cover: covers.get(addressee) ?? null,
      above: toldAbove(addressee, directory),
    },
    rule,
    calendar,
    now(),
  )
  // What a clock that ran ahead made already will not be made again.
  const isMade = ({ kind, nth }: Reminder) =>
    made.some((one) => one.kind === kind && one.nth === nth && one.against === stored.due)
  const named = <T extends { to: Id }>(one: T) => ({ ...one, toName: directory.post(one.to)?.name ?? null })
  return {
    planned: planned.filter((reminder) => !isMade(reminder)).map(named),
    made: made.map(({ against: _, ...one }) => named(one)),
  }
}

async function madeAbout(db: Read, directive: Id, addressee: Id) {
  const rows = await db.many<Omit<Made, 'to' | 'toName'> & { against: number; party: Bytes }>(
    `SELECT kind, nth, due_at AS due, made_at AS made, against, party FROM notice
     WHERE directive = $1 AND addressee = $2 ORDER BY due_at, id`,
    [fromBase64url(directive), fromBase64url(addressee)],
  )
  return rows.map(({ party, ...row }) => ({ ...row, to: toBase64url(party) }))
}

/** The notices of these parties, newest first. Throws `Refusal('bad_input')` for a cursor of another shape. */
async function noticesTo(db: Read, parties: readonly Id[], cursor: string | undefined): Promise<NoticePage> {
  const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(cursor)
  if (!Number.isSafeInteger(before) || before < 0) throw new Refusal('bad_input', 'Not a cursor', { field: 'cursor' })
  const rows = await db.many<Omit<NoticeRow, 'party' | 'directive' | 'addressee' | 'office'> & Raw>(
    `SELECT n.id, n.party, n.kind, n.nth, n.directive, n.addressee, n.urgency, n.office, n.due_at AS due, n.made_at AS made
     FROM unnest($1::bytea[]) p (party)
     CROSS JOIN LATERAL (
       SELECT * FROM notice WHERE party = p.party AND id < $2 ORDER BY id DESC LIMIT ${PAGE + 1}
     ) n
     ORDER BY n.id DESC LIMIT ${PAGE + 1}`,
    [parties.map(fromBase64url), before],
  )
  const page = rows.slice(0, PAGE).map(
    ({ party, directive, addressee, office, ...row }): NoticeRow => ({
      ...row,
      party: toBase64url(party),
      directive: toBase64url(directive),
      addressee: toBase64url(addressee),
      office: toBase64url(office),
    }),
  )
  return { notices: page, cursor: rows.length > PAGE ? String(page.at(-1)!.id) : null }
}

type Raw = { party: Bytes; directive: Bytes; addressee: Bytes; office: Bytes }

function isId(text: string): boolean {
  return /^[A-Za-z0-9_-]{22}$/.test(text)
}

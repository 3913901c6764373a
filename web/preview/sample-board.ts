import type { Board, BoardGroup, Counts } from '../../features/directives/board.ts'
import type { Curve } from '../../features/directives/curve.ts'
import type { BoardRow, BoardRows, STAGES } from '../../features/directives/rows.ts'
import { country } from '../../features/directory/country/country.ts'
import { knownPosts } from '../../features/directory/country/known-posts.ts'
import { places } from '../../features/directory/country/places.ts'

const posts = knownPosts(country()).filter(
  ({ role, place }) => place === undefined || /uno|dc|divcom/.test(role) || place.length < 7,
)
const now = Date.now()
const started = now - 30 * 3_600_000
const asks = [
  { label: '', ask: 'acknowledge' },
  { label: 'ক', ask: 'standing' },
  { label: 'গ', ask: 'once' },
  { label: 'ঙ', ask: 'standing' },
] as const

/** A number of 0…99 that is always the same for a text. */
const chance = (text: string) => [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973, 7) % 100

function rowOf(id: string): BoardRow {
  const post = posts.find((each) => each.id === id)!
  const luck = chance(id)
  const time = (limit: number) => (luck < limit ? started + luck * 900_000 : null)
  const place = post.place ?? ''
  return {
    post: id,
    name: post.title,
    office: post.officeName,
    place: {
      division: place.slice(0, 2),
      district: place.length < 4 ? '' : place.slice(0, 4),
      upazila: place.length < 6 ? '' : place,
    },
    holders: post.vacant
      ? []
      : [{ name: { bn: 'মো. আব্দুল করিম', en: 'Md. Abdul Karim' }, charge: luck % 9 === 0 ? 'additional' : 'regular' }],
    vacant: post.vacant ?? false,
    delivered: time(93),
    opened: time(78),
    acknowledged: time(64),
    answered: time(41),
    late: luck > 85,
    clauses: asks.map(({ label, ask }, i) => ({
      label,
      ask,
      state:
        luck < 41 && i > 0
          ? luck % 11 === 0
            ? 'notours'
            : luck % 13 === 0
              ? 'impossible'
              : ask === 'standing'
                ? 'kept'
                : 'done'
          : luck < 47 && i === 2
            ? 'progress'
            : null,
      by: luck < 47 ? 'addressed' : null,
      answered: luck < 47 ? now : null,
      owed: i === 0 ? luck >= 64 : luck >= 41,
      late: luck > 85,
    })),
  }
}

const all = posts.map(({ id }) => rowOf(id))

function stageOf({ answered, acknowledged, opened, delivered }: BoardRow): (typeof STAGES)[number] {
  if (answered !== null) return 'at-complied'
  if (acknowledged !== null) return 'at-acknowledged'
  if (opened !== null) return 'at-opened'
  return delivered !== null ? 'at-delivered' : 'at-sent'
}

function countsOf(rows: BoardRow[]): Counts {
  const count = (is: (row: BoardRow) => boolean) => rows.filter(is).length
  return {
    sent: rows.length,
    delivered: count(({ delivered }) => delivered !== null),
    opened: count(({ opened }) => opened !== null),
    acknowledged: count(({ acknowledged }) => acknowledged !== null),
    answered: count(({ answered }) => answered !== null),
    late: count(({ late }) => late),
    vacant: count(({ vacant }) => vacant),
  }
}

function groupOf(key: string, rows: BoardRow[]): BoardGroup {
  const place = places().get(key)
  return {
    key,
    ...(place && { name: { bn: place.bn, en: place.en } }),
    counts: countsOf(rows),
    clauses: asks.map(({ label, ask }, i) => ({
      label,
      ask,
      asked: rows.length,
      owed: rows.filter((row) => row.clauses[i]!.owed).length,
      late: rows.filter(({ late }) => late).length,
      states: { none: 0, done: 0, progress: 0, impossible: 0, notours: 0, kept: 0, problem: 0 },
    })),
  }
}

export function sampleBoard(query: {
  group?: string
  within?: string
  filter?: string
  cursor?: string
}): Board | BoardRows {
  const { within = '' } = query
  const rows = all.filter(({ place }) =>
    within === '-'
      ? place.division === ''
      : [place.division, place.district].some((code) => code.startsWith(within) && (within === '' || code === within)),
  )
  if (query.filter !== undefined) {
    const found = rows.filter(
      (row) =>
        !query.filter ||
        (query.filter.startsWith('at-')
          ? query.filter === stageOf(row)
          : query.filter === 'late'
            ? row.late
            : query.filter === 'vacant'
              ? row.vacant
              : row.opened === null),
    )
    return query.cursor
      ? { rows: found.slice(50), cursor: null }
      : { rows: found.slice(0, 50), cursor: found.length > 50 ? '1.2' : null }
  }
  const level = query.group === 'district' ? 'district' : 'division'
  const keys = [...new Set(rows.map(({ place }) => place[level] || '-'))].sort()
  const { counts, clauses } = groupOf('', rows)
  return {
    directive: 'd1',
    issued: started,
    due: now + 86_400_000,
    ended: null,
    now,
    standing: 'issuing',
    expanding: false,
    counts,
    remindable: rows.filter(({ clauses }) => clauses.some(({ owed }) => owed)).length,
    filters: {
      late: counts.late,
      unopened: counts.sent - counts.opened,
      unacknowledged: counts.sent - counts.acknowledged,
      vacant: counts.vacant,
      undelivered48: 0,
    },
    clauses,
    group: level,
    within: within || null,
    groups: keys.map((key) =>
      groupOf(
        key,
        rows.filter(({ place }) => (place[level] || '-') === key),
      ),
    ),
  }
}

export function sampleCurve(): Curve {
  const times = all.flatMap(({ acknowledged }) => (acknowledged === null ? [] : [acknowledged])).sort((a, b) => a - b)
  const answered = all.flatMap(({ answered: at }) => (at === null ? [] : [at])).sort((a, b) => a - b)
  const points = Array.from({ length: 60 }, (_, i) => {
    const time = started + ((now - started) / 59) * i
    return {
      time,
      acknowledged: times.filter((at) => at <= time).length,
      answered: answered.filter((at) => at <= time).length,
    }
  })
  return { sent: all.length, points }
}

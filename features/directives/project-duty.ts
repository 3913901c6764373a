import { type Bytes, fromBase64url } from '../../core/bytes.ts'
import { ID_LENGTH } from '../../core/item.ts'
import type { Tx } from '../../server/db.ts'
import type { Effects, Placed } from '../../server/feature.ts'
import type { ApprovalEntry, DraftEntry } from './drafts.ts'
import { type AbsenceEntry, type PracticeEntry, REASONS } from './duty.ts'

/**
 * Drafts and their approvals, for the posts that work on them: the drafting one and its approvers. Who was to approve a draft that
 * another replaces sees that one's entry too, and so that nothing waits for him any more.
 */
export async function projectDrafts(tx: Tx, placed: Placed[], effects: Effects): Promise<void> {
  for (const { kind, header, entry, place } of placed) {
    if (kind.name === 'draft') {
      const { issuer, approvers, replaces } = entry as DraftEntry
      const posts = [issuer, ...approvers].map(fromBase64url)
      await tx.query('INSERT INTO draft (id, index, issuer, approvers) VALUES ($1, $2, $3, $4)', [
        header.id,
        place.index,
        posts[0],
        posts.slice(1),
      ])
      const before = replaces
        ? await tx.one<{ approvers: Bytes[] }>('SELECT approvers FROM draft WHERE id = $1', [fromBase64url(replaces)])
        : undefined
      effects.show(place.index, [...posts, ...(before?.approvers ?? [])])
    }
    if (kind.name === 'approval') {
      const { draft, approved } = entry as ApprovalEntry
      const row = await tx.one<{ issuer: Bytes; approvers: Bytes[] }>(
        `UPDATE draft SET approved = approved + $2, returned = returned OR $3 WHERE id = $1
         RETURNING issuer, approvers`,
        [fromBase64url(draft), approved ? 1 : 0, !approved],
      )
      if (row) effects.show(place.index, [row.issuer, ...row.approvers])
    }
  }
}

/** The newest absence of each post and practice of each office. Their posts see an absence; a practice shows in its effects. */
export async function projectDuty(tx: Tx, placed: Placed[], effects: Effects): Promise<void> {
  for (const { kind, entry, place } of placed) {
    if (kind.name === 'absence') {
      const { post, reason, from, to, cover } = entry as AbsenceEntry
      await tx.query(
        `INSERT INTO absence (post, index, reason, since, until, cover) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (post) DO UPDATE SET index = excluded.index, reason = excluded.reason, since = excluded.since,
           until = excluded.until, cover = excluded.cover`,
        [fromBase64url(post), place.index, REASONS.indexOf(reason), from, to, cover && fromBase64url(cover)],
      )
      effects.show(place.index, [post, ...(cover ? [cover] : [])].map(fromBase64url))
    }
    if (kind.name === 'practice') {
      const { office, hours, checks, holidays, reminders, routes, quiet } = entry as PracticeEntry
      const columns = [hours, checks, holidays, reminders, routes, quiet].map((value) => value && JSON.stringify(value))
      await tx.query(
        `INSERT INTO practice (office, index, hours, checks, holidays, reminders, routes, quiet)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (office) DO UPDATE SET index = excluded.index, hours = excluded.hours, checks = excluded.checks,
           holidays = excluded.holidays, reminders = excluded.reminders, routes = excluded.routes, quiet = excluded.quiet`,
        [office ? fromBase64url(office) : new Uint8Array(ID_LENGTH), place.index, ...columns],
      )
    }
  }
}

/** Which faults of PostgreSQL a person can act on. */
import { Refusal } from '../core/refusal.ts'

/** The connection died between COMMIT and its answer: the change may or may not be there. Read again to know. */
export class OutcomeUnknown extends Error {
  constructor(cause: unknown) {
    super('The connection was lost during COMMIT; whether the change was kept must be read again', { cause })
    this.name = 'OutcomeUnknown'
  }
}

const UNREACHABLE = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENOTFOUND'])
const LOST = /Connection terminated|not queryable|timeout exceeded when trying to connect|Client was closed/

/** Words a full disk and an absent database as refusals (the original as `cause`); every other error stays itself. */
export function forPeople(error: unknown): unknown {
  if (error instanceof Refusal || !(error instanceof Error)) return error
  const code = (error as { code?: unknown }).code
  const state = typeof code === 'string' ? code : ''
  if (state === '53100' || state === 'ENOSPC' || /No space left on device/.test(error.message))
    return refusal('disk_full', 'The disk of the database is full; make room and try again', error)
  // Class 08: connection; 57P0x: going down, starting up; 53300: too many connections.
  const away = UNREACHABLE.has(state) || /^(08|57P0|53300)/.test(state) || LOST.test(error.message)
  if (away) return refusal('database_unavailable', `The database cannot be reached: ${error.message}`, error)
  return error
}

function refusal(code: string, message: string, cause: Error): Refusal {
  const worded = new Refusal(code, message)
  worded.cause = cause
  return worded
}

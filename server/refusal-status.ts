/** The HTTP status of each refusal code. What is not named is the caller's input: 400. */
const STATUS: Record<string, number> = {
  session_expired: 401,
  unknown_device: 401,
  bad_signature: 403,
  revoked_device: 403,
  not_allowed: 403,
  not_found: 404,
  conflict: 409,
  wrong_state: 409,
  already_done: 409,
  directive_ended: 409,
  too_large: 413,
  too_many_wraps: 413,
  file_quota: 413,
  too_fast: 429,
  internal: 500,
  behind_checkpoint: 503,
  log_moved: 503,
  log_in_use: 503,
  database_unavailable: 503,
  disk_full: 507,
}

export function statusOf(code: string): number {
  return STATUS[code] ?? 400
}

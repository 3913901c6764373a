import pino, { type Logger } from 'pino'

export type Log = Logger

/** Names of fields that may hold what nobody but its owner should read; whatever is logged under them is left out. */
const SECRET = ['body', 'token', 'code', 'headers', 'authorization', 'cookie', 'seed', 'signature', 'password']

/**
 * The server's log: JSON lines on standard error, for the operator. What people wrote, tokens, codes and header values are
 * never given to it; should one slip in under its usual name, it is struck out here.
 */
export function openLog(level: string, destination: pino.DestinationStream = pino.destination(2)): Log {
  const paths = SECRET.flatMap((name) => [name, `*.${name}`, `*.*.${name}`])
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths, censor: (value, path) => (path.at(-1) === 'code' && isOurs(value) ? value : '—') },
      serializers: { err: describe },
    },
    destination,
  )
}

/** A code of ours (`behind_checkpoint`, `whatsapp_190`), which an operator looks up; a joining or confirming code has no underscore. */
function isOurs(value: unknown): boolean {
  return typeof value === 'string' && /^[a-z]{2,20}(?:_[a-z0-9]{1,20}){1,5}$/.test(value)
}

/** @NOTE PostgreSQL's `detail` quotes rows, and its parameters are people's data: only these few fields are kept. */
function describe(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error)
  const { name, message, stack, cause } = error
  const { code: fault } = error as { code?: unknown }
  return { name, message, stack, fault, ...(cause ? { cause: describe(cause) } : {}) }
}

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
      redact: { paths, censor: '—' },
      serializers: { err: describe },
    },
    destination,
  )
}

/** @NOTE PostgreSQL's `detail` quotes rows, and its parameters are people's data: only these few fields are kept. */
function describe(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error)
  const { name, message, stack, cause } = error
  const { code: fault } = error as { code?: unknown }
  return { name, message, stack, fault, ...(cause ? { cause: describe(cause) } : {}) }
}

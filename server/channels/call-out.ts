/** One HTTP call to somebody else's server, which may be slow, wrong or hostile. */

export type Answer = { status: number; headers: Headers /** At most 64 KB of it. */; text: string }

export type CallOut = { method: string; headers: Record<string, string>; body?: string | Uint8Array<ArrayBuffer> }

/** No answer. `begun`: the other side may have acted on it all the same. */
export class NoAnswer extends Error {
  readonly begun: boolean
  constructor(cause: unknown, begun: boolean) {
    super('No answer', { cause })
    this.begun = begun
  }
}

const MOST = 64 * 1024

/** Nothing of the call can have reached anybody. */
const BEFORE = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

/** Calls once, follows no redirection, and waits `timeout` ms for the whole answer. Throws `NoAnswer`. */
export async function callOut(url: string, { method, headers, body }: CallOut, timeout: number): Promise<Answer> {
  const signal = AbortSignal.timeout(timeout)
  try {
    const given = body === undefined ? {} : { body }
    const response = await fetch(url, { method, headers, ...given, redirect: 'manual', signal })
    return { status: response.status, headers: response.headers, text: await read(response) }
  } catch (error) {
    const code = ((error as Error).cause as { code?: string } | undefined)?.code ?? ''
    throw new NoAnswer(error, !BEFORE.has(code))
  }
}

async function read({ body }: Response): Promise<string> {
  if (!body) return ''
  const decoder = new TextDecoder()
  let text = ''
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    text += decoder.decode(chunk, { stream: true })
    if (size > MOST) break
  }
  return text
}

/** Milliseconds of a `Retry-After` header (seconds or a date), or `otherwise`. */
export function retryAfter(headers: Headers, now: number, otherwise: number): number {
  const given = headers.get('retry-after')
  if (!given) return otherwise
  const seconds = /^\d{1,9}$/.test(given) ? Number(given) * 1000 : Date.parse(given) - now
  return Number.isFinite(seconds) && seconds > 0 ? seconds : otherwise
}

/** The public port. The one place that knows the HTTP framework; what there is to call comes as plain routes. */
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { brotliCompressSync, constants } from 'node:zlib'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { encode } from '../core/cbor.ts'
import { Refusal } from '../core/refusal.ts'
import { BARE_HEADERS } from './bare-headers.ts'
import { isLoopback } from './config.ts'
import { LIVE_PATH, type Live } from './live.ts'
import type { Log } from './log.ts'
import { NO_SUCH_PAGE } from './no-such-page.ts'
import { statusOf } from './refusal-status.ts'
import type { Reply, Route, Viewer, Who } from './routes.ts'
import { chooseCoding, isScreen, type StaticFile } from './static.ts'
import { answerBadAddress, answerBadHttp } from './unreadable.ts'

export const MAX_REQUEST = 4.5 * 1024 * 1024
const MAX_JSON = 64 * 1024
const MAX_OCTETS = 64 * 1024
const PER_MINUTE = 600
/** Other programs of this machine (simulated officials, a proxy in front) share one address. */
const LOOPBACK_FACTOR = 100

export type HttpNeeds = {
  routes: readonly Route[]
  viewer: (token: string) => Promise<Viewer>
  live: Pick<Live, 'upgrade'>
  files: ReadonlyMap<string, StaticFile>
  log: Log
  tls?: { cert: string; key: string } | undefined
  /** For a test of the limits; 100 on loopback otherwise. */
  loopbackFactor?: number
}

/** Builds the server; `listen` is the caller's. Closing it ends the live connections' upgrades too. */
export async function buildHttp(needs: HttpNeeds): Promise<FastifyInstance> {
  const { log, tls } = needs
  const app = Fastify({
    loggerInstance: log,
    logController: new Fastify.LogController({ disableRequestLogging: true }),
    // What a request has to log is told by its number; one logger each would be a fiftieth of the work.
    childLoggerFactory: (logger: Log) => logger,
    bodyLimit: MAX_REQUEST,
    // Of a proxy on this machine its word is taken for who is calling; of no other.
    trustProxy: 'loopback',
    routerOptions: { maxParamLength: 200 },
    requestTimeout: 120_000,
    frameworkErrors: answerBadAddress,
    clientErrorHandler: answerBadHttp,
    forceCloseConnections: true,
    ...(tls ? { https: { cert: await readFile(tls.cert), key: await readFile(tls.key) } } : {}),
  } as object) as unknown as FastifyInstance
  await app.register(helmet, HEADERS)
  await app.register(rateLimit, {
    global: false,
    hook: 'preHandler',
    keyGenerator: (request) => viewerOf(request)?.device ?? request.ip,
    errorResponseBuilder: () => new Refusal('too_fast', 'Too many calls; wait a minute'),
    addHeaders: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
    addHeadersOnExceeding: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/cbor', { parseAs: 'buffer' }, (_request, body: Buffer, done) =>
    done(null, Uint8Array.from(body)),
  )
  app.addContentTypeParser(
    'application/octet-stream',
    { parseAs: 'buffer', bodyLimit: MAX_OCTETS },
    (_request, body: Buffer, done) => done(null, Uint8Array.from(body)),
  )
  app.addContentTypeParser('application/json', { parseAs: 'buffer', bodyLimit: MAX_JSON }, readJson)
  app.setErrorHandler((error, request, reply) => answerError(error, request, reply, log))
  for (const route of needs.routes) addRoute(app, route, needs)
  addFiles(app, needs.files)
  app.setNotFoundHandler((request, reply) => notFound(request, reply, needs))
  app.server.on('upgrade', (request: IncomingMessage, socket, head) => {
    if (request.url?.split('?')[0] === LIVE_PATH && sameOrigin(request)) needs.live.upgrade(request, socket, head)
    else socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n')
  })
  return app
}

/** Scripts, styles and connections of our own origin only, nothing inline, no frame around us, Trusted Types. */
const HEADERS = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      'default-src': ["'none'"],
      'script-src': ["'self'"],
      'style-src': ["'self'"],
      'font-src': ["'self'"],
      'img-src': ["'self'", 'blob:', 'data:'],
      'connect-src': ["'self'"],
      'worker-src': ["'self'"],
      'manifest-src': ["'self'"],
      'base-uri': ["'none'"],
      'form-action': ["'none'"],
      'frame-ancestors': ["'none'"],
      'require-trusted-types-for': ["'script'"],
      'trusted-types': ['svelte-trusted-html', 'smarak'],
    },
  },
  crossOriginEmbedderPolicy: false,
  frameguard: { action: 'deny' as const },
  referrerPolicy: { policy: 'no-referrer' as const },
  // On plain HTTP the browser ignores it; over TLS, ours or a proxy's, it is wanted.
  strictTransportSecurity: { maxAge: 15_552_000, includeSubDomains: false },
}

/** The same for the one script that compiles WebAssembly. A worker goes by the policy it came with, not by its page's. */
const COMPILING = Object.entries({
  ...HEADERS.contentSecurityPolicy.directives,
  'script-src': ["'self'", "'wasm-unsafe-eval'"],
})
  .map(([name, values]) => `${name} ${values.join(' ')}`)
  .join(';')

const viewers = new WeakMap<FastifyRequest, Viewer>()

function viewerOf(request: FastifyRequest): Viewer | undefined {
  return viewers.get(request)
}

function addRoute(app: FastifyInstance, route: Route, needs: HttpNeeds): void {
  const { method, path, who } = route
  const factor = needs.loopbackFactor ?? LOOPBACK_FACTOR
  const most = route.perMinute ?? PER_MINUTE
  app.route({
    method,
    url: path,
    helmet: false,
    config: {
      raw: route.raw === true,
      rateLimit: { max: (request: FastifyRequest) => (isLocal(request.ip) ? most * factor : most), timeWindow: 60_000 },
    },
    onRequest: async (request, reply) => {
      reply.headers(BARE_HEADERS)
      if (who === 'person') viewers.set(request, await needs.viewer(tokenOf(request)))
      if (who === 'loopback' && !(isLocal(request.ip) && isLoopback(request.hostname.replace(/^\[|\]$/g, ''))))
        throw new Refusal('not_found', 'No such address')
    },
    handler: async (request, reply) => {
      const params = request.params as Record<string, string>
      const answer = await route.answer({
        viewer: viewerOf(request),
        params,
        query: request.query as Record<string, string>,
        body: request.body,
        ifNoneMatch: request.headers['if-none-match'],
        signature: signatureOf(request),
        host: request.host,
      })
      return sendReply(request, reply, answer)
    },
  })
}

/** For the table of routes and roles; what it lists is what answers. */
export function routeNames(routes: readonly Route[]): { name: string; who: Who }[] {
  return routes.map(({ method, path, who }) => ({ name: `${method} ${path}`, who }))
}

function tokenOf({ headers }: FastifyRequest): string {
  return /^Bearer ([\w-]+)$/.exec(headers.authorization ?? '')?.[1] ?? ''
}

function signatureOf({ headers }: FastifyRequest): string | undefined {
  const given = headers['x-hub-signature-256']
  return typeof given === 'string' ? given : undefined
}

/** @NOTE For a loopback route the name is judged too: a stranger's page can have its own name lead to this machine (DNS rebinding). */
function isLocal(ip: string): boolean {
  return isLoopback(ip.replace(/^::ffff:/, ''))
}

/** A browser names the page that opens a socket; only our own may. Other programs name none. */
function sameOrigin({ headers }: IncomingMessage): boolean {
  const { origin, host } = headers
  if (!origin) return true
  try {
    return new URL(origin).host === host
  } catch {
    return false
  }
}

function sendReply(request: FastifyRequest, reply: FastifyReply, answer: Reply): FastifyReply {
  if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
  if ('cbor' in answer) return reply.type('application/cbor').send(bufferOf(encode(answer.cbor)))
  if ('text' in answer) return reply.type(answer.type ?? 'text/plain; charset=utf-8').send(answer.text)
  if ('bytes' in answer) {
    const whose = answer.immutable === 'private' ? 'private' : 'public'
    if (answer.immutable) reply.header('cache-control', `${whose}, max-age=31536000, immutable`)
    return reply.type(answer.type).send(bufferOf(answer.bytes))
  }
  if (answer.etag) {
    reply.header('etag', answer.etag).header('cache-control', 'private, no-cache')
    if (request.headers['if-none-match'] === answer.etag) return reply.code(304).send()
    if (/(?:^|[\s,])br(?=[\s,;]|$)/.test(request.headers['accept-encoding'] ?? ''))
      return reply
        .type('application/json')
        .header('content-encoding', 'br')
        .send(shortOf(answer.json as object))
  }
  return reply.type('application/json').send(JSON.stringify(answer.json))
}

const short = new WeakMap<object, Buffer>()

/**
 * What has an etag is the same object until it changes, and is made short once. @NOTE Never do so with what answers a caller's own
 * words beside a secret: its length would tell (BREACH).
 */
function shortOf(json: object): Buffer {
  const made = short.get(json)
  if (made) return made
  const bytes = brotliCompressSync(JSON.stringify(json), { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })
  short.set(json, bytes)
  return bytes
}

/** The same bytes, not a copy. */
function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}

function readJson(
  request: FastifyRequest,
  body: string | Buffer,
  done: (error: Error | null, value?: unknown) => void,
) {
  if ((request.routeOptions.config as { raw?: boolean }).raw) return done(null, Uint8Array.from(body as Buffer))
  try {
    done(null, JSON.parse(body.toString('utf8')))
  } catch {
    done(new Refusal('bad_input', 'Not JSON'))
  }
}

/** The one handler of errors. A refusal is told; anything else is a fault of ours, told by a number that stands in the log. */
function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply, log: Log): FastifyReply {
  const refusal = error instanceof Refusal ? error : refusalOf(error)
  if (refusal) {
    const { code, message, details } = refusal
    return reply.code(statusOf(code)).header('cache-control', 'no-store').send({ code, message, details })
  }
  const number = crypto.randomUUID().slice(0, 8)
  log.error({ err: error, number, method: request.method, path: request.routeOptions.url }, 'a request failed')
  const answer = { code: 'internal', message: 'The server has a fault', details: { number } }
  return reply.code(500).header('cache-control', 'no-store').send(answer)
}

/** The framework's own complaints about a request, in our words. */
function refusalOf(error: unknown): Refusal | undefined {
  const { statusCode } = error as { statusCode?: number }
  if (statusCode === 413) return new Refusal('too_large', 'The request is too large', { max: MAX_REQUEST })
  if (statusCode === 415) return new Refusal('bad_input', 'Neither CBOR nor JSON')
  if (statusCode === 429) return new Refusal('too_fast', 'Too many calls; wait a minute')
  if (statusCode && statusCode >= 400 && statusCode < 500) return new Refusal('bad_input', 'Not a request we read')
  return undefined
}

function addFiles(app: FastifyInstance, files: ReadonlyMap<string, StaticFile>): void {
  for (const [path, file] of files) {
    if (path === '/index.html') continue
    app.get(path, (request, reply) => sendFile(request, reply, file))
  }
}

function sendFile(request: FastifyRequest, reply: FastifyReply, file: StaticFile): FastifyReply {
  reply
    .header('cache-control', file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache')
    .header('etag', file.etag)
    .header('vary', 'accept-encoding')
  if (request.headers['if-none-match'] === file.etag) return reply.code(304).send()
  const { bytes, coding } = chooseCoding(file, String(request.headers['accept-encoding'] ?? ''))
  if (coding) reply.header('content-encoding', coding)
  if (file.compiles) reply.header('content-security-policy', COMPILING)
  reply.type(file.type)
  if (bytes instanceof Uint8Array) return reply.send(bufferOf(bytes))
  return reply.header('content-length', bytes.size).send(createReadStream(bytes.path))
}

/** What scanners of other people's mistakes ask for. There is nothing; but that somebody asks is worth knowing. */
const PROBE =
  /^\/+(metrics|debug|actuator|inspector|server-status|heapdump|wp-|phpmyadmin|\.|.*\.(php|env|sql|bak|map)$)/i

function notFound(request: FastifyRequest, reply: FastifyReply, { files, log }: HttpNeeds): FastifyReply {
  const path = request.url.split('?')[0]!
  const page = files.get('/index.html')
  const looks = request.method === 'GET' || request.method === 'HEAD'
  if (page && looks && isScreen(path)) return sendFile(request, reply, page)
  if (PROBE.test(path)) log.warn({ ip: request.ip, path: path.slice(0, 200) }, 'somebody looks for what is not here')
  reply.code(404).header('cache-control', 'no-store')
  // A person who mistyped an address reads; whoever else asks gets a code.
  if (looks && request.headers.accept?.includes('text/html'))
    return reply.type('text/html; charset=utf-8').send(NO_SUCH_PAGE)
  return reply.send({ code: 'not_found', message: 'No such address', details: {} })
}

/**
 * What cannot be read as a request at all. The framework answers it before any hook has run, in words of its own and without
 * our headers; so it is answered here.
 */
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { BARE_HEADERS } from './bare-headers.ts'

const HEADERS = {
  ...BARE_HEADERS,
  'cache-control': 'no-store',
  'content-type': 'application/json; charset=utf-8',
}

/** Fastify's `frameworkErrors`: an address that is no address, or one with an endless part. */
export function answerBadAddress(_error: unknown, _request: FastifyRequest, reply: FastifyReply): void {
  void reply.code(404).headers(HEADERS).send({ code: 'not_found', message: 'No such address', details: {} })
}

/** Fastify's `clientErrorHandler`: bytes that are not HTTP. The connection ends; nothing of what was sent is logged. */
export function answerBadHttp(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const large = error.code === 'HPE_HEADER_OVERFLOW'
  const status = large ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400
  const code = large ? 'too_large' : 'bad_input'
  const body = JSON.stringify({ code, message: 'Not a request we read', details: {} })
  const headers = { ...HEADERS, 'content-length': body.length, connection: 'close' }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`)
}

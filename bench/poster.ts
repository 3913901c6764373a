/** A load that costs its cores next to nothing, so that what is measured on the same machine is the server. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { Bytes } from '../core/bytes.ts'

/** One connection that stays open, and one request at a time on it (HTTP/1.1, RFC 9112). */
class Line {
  readonly #socket: Socket
  #heard: Buffer = Buffer.alloc(0)
  #answer: { resolve(body: Buffer): void; reject(reason: unknown): void } | undefined

  constructor(socket: Socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('data', (data: Buffer) => this.#hear(data))
    socket.on('error', (error) => this.#answer?.reject(error))
    socket.on('close', () => this.#answer?.reject(new Error('The server closed the connection')))
  }

  post(head: string, body: Bytes): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.#answer = { resolve, reject }
      this.#socket.write(Buffer.concat([Buffer.from(`${head}content-length: ${body.length}\r\n\r\n`), body]))
    })
  }

  close(): void {
    this.#answer = undefined
    this.#socket.destroy()
  }

  #hear(data: Buffer): void {
    this.#heard = this.#heard.length === 0 ? data : Buffer.concat([this.#heard, data])
    const end = this.#heard.indexOf('\r\n\r\n')
    if (end < 0) return
    const head = this.#heard.toString('latin1', 0, end)
    const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1])
    if (!(this.#heard.length >= end + 4 + length)) return
    const body = this.#heard.subarray(end + 4, end + 4 + length)
    const answer = this.#answer
    this.#heard = Buffer.alloc(0)
    this.#answer = undefined
    if (/^HTTP\/1\.1 200 /.test(head)) answer?.resolve(body)
    else answer?.reject(new Error(`${head.split('\r\n')[0]}: ${body}`))
  }
}

export type Poster = {
  /** The body of the answer; rejects with the status line unless it is 200. A line that is free is taken, or a new one. */
  post(body: Bytes): Promise<Buffer>
  close(): void
}

/** Posts CBOR to `url`. */
export function openPoster(url: string): Poster {
  const { hostname, port, host, pathname } = new URL(url)
  const head = `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/cbor\r\n`
  const free: Line[] = []
  const all: Line[] = []
  async function open(): Promise<Line> {
    const socket = connect(Number(port), hostname)
    await once(socket, 'connect')
    const line = new Line(socket)
    all.push(line)
    return line
  }
  return {
    async post(body) {
      const line = free.pop() ?? (await open())
      const answer = await line.post(head, body)
      free.push(line)
      return answer
    },
    close() {
      for (const line of all) line.close()
    },
  }
}

/** A bad network: a TCP proxy in this process, with delay, a narrow pipe, silence and cuts. */

import type { AddressInfo } from 'node:net'
import { connect, createServer, type Socket } from 'node:net'

export type Line = {
  /** One-way delay. */
  latencyMs?: number
  /** Shared by all connections of one direction, as on a phone's link. */
  bytesPerSecond?: number
}

export type Proxy = {
  port: number
  /** Bytes carried to the server (up) and from it (down), and connections made. */
  counts: { up: number; down: number; connections: number }
  /** Changes the line for what is sent from now on. */
  set(line: Line): void
  /** Drops every connection, and every new one until `restore`. */
  cut(): void
  /** Keeps connections open and carries nothing until `restore`; what was sent meanwhile then arrives. */
  silence(): void
  restore(): void
  close(): Promise<void>
}

const PACKET = 1_460 // what TCP puts into one packet on most lines

/** Listens on a free port of this machine and forwards to `target`. */
export async function startProxy(target: { port: number; host?: string }, line: Line = {}): Promise<Proxy> {
  const sockets = new Set<Socket>()
  const waiting = new Set<() => void>()
  const counts = { up: 0, down: 0, connections: 0 }
  let state: 'open' | 'cut' | 'silent' = 'open'
  let current = line
  const free = { up: 0, down: 0 } // when each direction of the line has sent all it was given

  const opened = () => new Promise<void>((resolve) => (state === 'silent' ? waiting.add(resolve) : resolve()))

  async function carry(from: Socket, to: Socket, way: 'up' | 'down'): Promise<void> {
    let last: Promise<unknown> = Promise.resolve()
    try {
      for await (const chunk of from as AsyncIterable<Buffer>) {
        for (let at = 0; at < chunk.length; at += PACKET) {
          const packet = chunk.subarray(at, at + PACKET)
          const { latencyMs = 0, bytesPerSecond = Infinity } = current
          free[way] = Math.max(free[way], performance.now()) + (packet.length / bytesPerSecond) * 1000
          const arrives = free[way] + latencyMs
          const before = last
          last = (async () => {
            await Promise.all([before, until(arrives)])
            await opened()
            counts[way] += packet.length
            if (!to.destroyed) to.write(packet)
          })()
          // The pipe, not our memory, holds back a fast sender: read on once this has left the sender's side.
          await until(free[way])
        }
      }
      await last
      to.end()
    } catch {
      to.destroy() // either end broke: so does the other
    }
  }

  const server = createServer({ noDelay: true }, (client) => {
    client.on('error', () => {}) // told by the loop above
    if (state === 'cut') return client.resetAndDestroy()
    counts.connections++
    const upstream = connect({ port: target.port, host: target.host ?? '127.0.0.1', noDelay: true })
    upstream.on('error', () => client.destroy())
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
    }
    void carry(client, upstream, 'up')
    void carry(upstream, client, 'down')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  const release = () => {
    for (const go of waiting) go()
    waiting.clear()
  }
  const drop = () => {
    for (const socket of sockets) socket.destroy()
    release()
  }
  return {
    port: (server.address() as AddressInfo).port,
    counts,
    set: (line) => {
      current = line
    },
    cut: () => {
      state = 'cut'
      drop()
    },
    silence: () => {
      state = 'silent'
    },
    restore: () => {
      state = 'open'
      release()
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        drop()
      }),
  }
}

function until(moment: number): Promise<void> {
  const ms = moment - performance.now()
  return ms <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms))
}

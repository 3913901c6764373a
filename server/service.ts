/** A whole service over a migrated database: the road, reading, sessions, live and HTTP. What it is about, features say. */

import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { Refusal } from '../core/refusal.ts'
import { aboutMeRoutes } from './about-me.ts'
import type { Db } from './db.ts'
import type { Feature, People, State } from './feature.ts'
import { GivenBack } from './given-back.ts'
import { givenBackRoutes } from './given-back-routes.ts'
import { buildHttp } from './http.ts'
import { Live } from './live.ts'
import type { Log } from './log.ts'
import type { LogKey } from './log-key.ts'
import { logRoutes } from './log-routes.ts'
import { LogReader } from './read-log.ts'
import { openRoad, type Road } from './road.ts'
import type { Route } from './routes.ts'
import { Sessions } from './sessions.ts'
import { readStatic } from './static.ts'
import { Synced } from './synced.ts'

export type Service = {
  road: Road
  live: Live
  routes: readonly Route[]
  http: FastifyInstance
  /** Opens the port and gives the address. Throws `Refusal`: `port_in_use`, `port_not_allowed`. */
  listen(host: string, port: number): Promise<string>
  /** Answers what was begun, then closes everything but the database. */
  close(): Promise<void>
}

export type ServiceNeeds = {
  db: Db
  key: LogKey
  checkpointFile: string
  /** Where items that devices give back are gathered while some are missing. */
  journal: string
  state: State
  features: readonly Feature[]
  people: People
  /** The person of a ticket and the posts he holds, by the key's thumbprint; undefined where there is no such ticket. */
  ticketParties: (key: string) => string[] | undefined
  /** Routes besides those of the road and the features. */
  routes?: readonly Route[]
  /** Where the built web app is. */
  web: string
  log: Log
  demo: boolean
  version: string
  tls?: { cert: string; key: string } | undefined
  now?: () => number
  warn?: (message: string) => void
  /** See `SequencerNeeds`. */
  room?: (() => Promise<void>) | undefined
  /** For tests of the limits. */
  loopbackFactor?: number
  slowMs?: number
}

/** Throws `Refusal` as `openRoad` does, and `tls_unreadable`. */
export async function openService(needs: ServiceNeeds): Promise<Service> {
  const { db, key, features, people, log, tls } = needs
  const now = needs.now ?? Date.now
  const live = new Live({ people, viewer: (token) => sessions.viewer(token), log, slowMs: needs.slowMs })
  const road = await openRoad({ ...needs, now, announce: (announcement) => live.announce(announcement) })
  const sessions = new Sessions({ db, people, keys: road.keys, pool: road.pool, origin: key.origin, now })
  const synced = new Synced(features, log)
  const given = await openGivenBack(needs, road).catch(async (error: unknown) => {
    await road.close()
    throw error
  })
  const routes = [
    ...logRoutes({
      db,
      road,
      reader: new LogReader({ db, road, people, features }),
      sessions,
      key,
      demo: needs.demo,
      version: needs.version,
      ticketParties: needs.ticketParties,
      onSynced: (seen) => synced.add(seen),
    }),
    ...aboutMeRoutes({ db, people, features }),
    ...givenBackRoutes({ given, pool: road.pool, origin: key.origin }),
    ...features.flatMap((feature) => feature.routes ?? []),
    ...(needs.routes ?? []),
  ]
  const build = async () =>
    buildHttp({
      routes,
      viewer: (token) => sessions.viewer(token),
      live,
      files: await readStatic(needs.web),
      log,
      tls,
      ...(needs.loopbackFactor ? { loopbackFactor: needs.loopbackFactor } : {}),
    })
  const http = await build().catch(async (error: unknown) => {
    await road.close()
    throw tls ? wordedTls(error, tls) : error
  })
  return {
    road,
    live,
    routes,
    http,
    async listen(host, port) {
      await http.listen({ host, port }).catch((error: unknown) => {
        throw wordedListen(error)
      })
      const { port: taken } = http.server.address() as AddressInfo
      // A name a browser gives keys to: of plain HTTP only this machine's.
      const name = host === '127.0.0.1' || host === '::1' ? 'localhost' : host
      return `${tls ? 'https' : 'http'}://${name.includes(':') ? `[${name}]` : name}:${taken}`
    },
    async close() {
      // Sockets first: nobody is woken by what is closing. Then requests end, then the queue behind them.
      await live.close()
      await http.close()
      await road.close()
      await synced.flush()
    },
  }
}

async function openGivenBack(needs: ServiceNeeds, { lost, keys, pool }: Road): Promise<GivenBack | undefined> {
  const kinds = new Map(needs.features.flatMap(({ kinds }) => kinds.map((kind) => [kind.name, kind])))
  return lost && GivenBack.open({ ...needs, lost, keys, pool, kinds, file: needs.journal })
}

function wordedListen(error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException
  const name = code === 'EADDRINUSE' ? 'port_in_use' : code === 'EACCES' ? 'port_not_allowed' : undefined
  return name ? Object.assign(new Refusal(name, message), { cause: error }) : error
}

function wordedTls(error: unknown, { cert, key }: { cert: string; key: string }): unknown {
  const { code, path, message } = error as NodeJS.ErrnoException
  const isOurs = path === cert || path === key || /^ERR_(OSSL|SSL|TLS)/.test(code ?? '')
  return isOurs ? Object.assign(new Refusal('tls_unreadable', message), { cause: error }) : error
}

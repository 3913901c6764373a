/** The one place where the parts are built and joined. */
import { join } from 'node:path'
import { directivesFeature } from './features/directives/feature.ts'
import { DirectiveBook } from './features/directives/index.ts'
import { directoryFeature, peopleOf } from './features/directory/feature.ts'
import { Directory } from './features/directory/index.ts'
import type { Config } from './server/config.ts'
import { openDataDir } from './server/data-dir.ts'
import { openDatabase } from './server/database.ts'
import type { Log } from './server/log.ts'
import { type LogKey, openLogKey } from './server/log-key.ts'
import type { Route } from './server/routes.ts'
import { openService, type Service } from './server/service.ts'

export const ROOT = import.meta.dirname

export type App = {
  service: Service
  /** The public half and the origin that the root must name. */
  logKey: LogKey
  /** The process number of the PostgreSQL out of npm, where that is used. */
  postgres: number | undefined
  /** Begins to listen; gives the address. */
  listen(): Promise<string>
  /** Answers what was begun, then stops everything; the data directory is free afterwards. */
  close(): Promise<void>
}

export type AppOptions = {
  version: string
  log: Log
  /** Where an operator reads what he must do. */
  warn: (message: string) => void
  /** Routes of a demonstration. */
  routes?: readonly Route[]
}

/** Builds a whole server over a data directory. Throws a `Refusal` an operator can act on. */
export async function openApp(config: Config, { version, log, warn, routes }: AppOptions): Promise<App> {
  const opened: (() => Promise<void>)[] = []
  const close = async () => {
    for (let last = opened.pop(); last; last = opened.pop()) await last()
  }
  try {
    const dataDir = await openDataDir(config.dataDir)
    opened.push(dataDir.close)
    const logKey = await openLogKey(join(dataDir.path, 'log.key'))
    const database = await openDatabase(config, dataDir, log)
    opened.push(database.close)

    const directory = new Directory()
    const directives = new DirectiveBook()
    const onError = (error: unknown) => log.error({ err: error }, 'work beside the road failed and is tried again')
    const directing = directivesFeature({ db: database.db, directory, directives, now: Date.now, onError })
    const service = await openService({
      db: database.db,
      key: logKey,
      checkpointFile: config.checkpointFile,
      state: { directory, directives },
      features: [directoryFeature(directory), directing],
      people: peopleOf(directory),
      ticketParties(key) {
        const ticket = directory.ticket(key)
        return ticket && [ticket.person, ...directory.postsOf(ticket.person).map(({ post }) => post)]
      },
      ...(routes ? { routes } : {}),
      web: join(ROOT, 'dist', 'web'),
      log,
      demo: config.demo,
      version,
      tls: config.tls,
      warn,
    })
    opened.push(directing.close, service.close)
    directing.start()
    return {
      service,
      logKey,
      get postgres() {
        return database.postgres
      },
      listen: () => service.listen(config.host, config.port),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

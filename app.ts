/** The one place where the parts are built and joined. */
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { directivesFeature } from './features/directives/feature.ts'
import { DirectiveBook } from './features/directives/index.ts'
import { tellingOf } from './features/directives/telling.ts'
import { nationalHolidays } from './features/directory/country/holidays.ts'
import { places } from './features/directory/country/places.ts'
import { directoryFeature, peopleOf } from './features/directory/feature.ts'
import { Directory } from './features/directory/index.ts'
import { type Channels, openChannels, waysOf } from './server/channels/index.ts'
import { type Config, readConfig } from './server/config.ts'
import { openDataDir } from './server/data-dir.ts'
import { openDatabase } from './server/database.ts'
import type { Db } from './server/db.ts'
import { guardDisk } from './server/disk.ts'
import { ChunkStore, chunkReferences, openFiles } from './server/files/index.ts'
import { GIVEN_BACK, readJournals } from './server/journal.ts'
import { type Log, openLog } from './server/log.ts'
import { type LogKey, openLogKey } from './server/log-key.ts'
import { recoverLog } from './server/log-recover.ts'
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

/** The state the rules look at, and what each feature brings to the road. */
function joinFeatures(db: Db, log: Log, { channels }: Pick<Config, 'channels'>, noticed = () => {}) {
  const state = { directory: new Directory(), directives: new DirectiveBook() }
  const onError = (error: unknown) => log.error({ err: error }, 'work beside the road failed and is tried again')
  const directing = directivesFeature({
    db,
    ...state,
    now: Date.now,
    onError,
    areas: (code) => places().get(code),
    holidays: nationalHolidays(),
    usual: channels,
    noticed,
    files: chunkReferences,
    ways: waysOf,
  })
  return { state, directing, features: [directoryFeature(state.directory), directing] }
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

    // Made after the features, whose routes and notices it waits for; a notice before that is found when it starts.
    let channels: Channels | undefined
    const { state, features, directing } = joinFeatures(database.db, log, config, () => channels?.wake())
    const { directory } = state
    const room = guardDisk([dataDir.path, dirname(config.checkpointFile)])
    const files = openFiles({ db: database.db, directory: dataDir.files, room, now: Date.now, log })
    const people = peopleOf(directory)
    channels = await openChannels({
      db: database.db,
      settings: config.channels,
      dataDir: dataDir.path,
      known: { ...tellingOf(directory, config.channels, nationalHolidays()), personOfDevice: people.personOfDevice },
      now: Date.now,
      log,
    })
    const service = await openService({
      db: database.db,
      key: logKey,
      checkpointFile: config.checkpointFile,
      journal: join(dataDir.path, GIVEN_BACK),
      state,
      features: [...features, channels.feature, files.feature],
      people,
      ticketParties(key) {
        const ticket = directory.ticket(key)
        return ticket && [ticket.person, ...directory.postsOf(ticket.person).map(({ post }) => post)]
      },
      ...(routes && { routes }),
      web: join(ROOT, 'dist', 'web'),
      log,
      demo: config.demo,
      version,
      tls: config.tls,
      warn,
      room,
    })
    opened.push(channels.close, files.close, directing.close, service.close)
    directing.start()
    files.start()
    channels.start()
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

/**
 * `smarak log recover [--from FILE…] [settings of serve]`: see `server/log-recover.ts`. What devices gave back is read beside the
 * files named, and removed once everything is in its place. Resolves to the exit code; throws a `Refusal` that says what is
 * still missing.
 */
export async function recover(
  words: readonly string[],
  env: Record<string, string | undefined>,
  tell: (line: string) => void = console.log,
): Promise<number> {
  const { files, rest } = takeFrom(words)
  const config = readConfig(env, rest)
  const log = openLog(config.logLevel)
  const dataDir = await openDataDir(config.dataDir)
  const database = await openDatabase(config, dataDir, log).catch(async (error) => {
    await dataDir.close()
    throw error
  })
  const joined = joinFeatures(database.db, log, config)
  try {
    const given = join(dataDir.path, GIVEN_BACK)
    const journals = await readJournals([...(existsSync(given) ? [given] : []), ...files], (file, line, error) =>
      tell(`${file}:${line}: passed over (${error instanceof Error ? error.message : error})`),
    )
    const { state, features } = joined
    const key = await openLogKey(join(dataDir.path, 'log.key'))
    const { checkpointFile } = config
    const now = Date.now
    // Before the items: an answer is taken back only if what it names is here.
    await new ChunkStore({ db: database.db, directory: dataDir.files, room: async () => {}, now }).adopt()
    const count = await recoverLog({ db: database.db, key, checkpointFile, state, features }, journals)
    tell(count === 0 ? 'Nothing is missing.' : `${count} items were taken back, each at its own place.`)
    await rm(given, { force: true })
    return 0
  } finally {
    await joined.directing.close()
    await database.close()
    await dataDir.close()
  }
}

/** The words after `--from` up to the next flag, and all others. */
function takeFrom(words: readonly string[]): { files: string[]; rest: string[] } {
  const files: string[] = []
  const rest: string[] = []
  let into = rest
  for (const word of words) {
    if (word === '--from') into = files
    else {
      if (word.startsWith('--')) into = rest
      into.push(word)
    }
  }
  return { files, rest }
}

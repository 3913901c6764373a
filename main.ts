/** The command's beginning: `./smarak serve` and what an operator does to a log; every other word is `cli/`'s. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openApp, ROOT } from './app.ts'
import { Refusal } from './core/refusal.ts'
import { type Config, configHelp, readConfig } from './server/config.ts'
import { openLog } from './server/log.ts'

/** sysexits.h: what the caller typed, what the machine lacks, what we got wrong. */
const EX_USAGE = 64
const EX_UNAVAILABLE = 69
const EX_SOFTWARE = 70

const [command, ...words] = process.argv.slice(2)
process.exitCode = await run(command, words)

async function run(name: string | undefined, args: string[]): Promise<number> {
  try {
    if (name === 'serve' && args.includes('--help')) {
      console.log(`./smarak serve\n${configHelp()}`)
      return 0
    }
    if (name === 'serve') return await serve(readConfig(process.env, args))
    if (name === 'log' && args[0] === 'recover') {
      const { recover } = await import('./server/log-recover.ts')
      return await recover(args.slice(1), process.env)
    }
    const { runCommand } = await import('./cli/index.ts')
    return await runCommand([name, ...args].filter((word) => word !== undefined))
  } catch (error) {
    if (!(error instanceof Refusal)) {
      console.error(error)
      return EX_SOFTWARE
    }
    console.error(`smarak: ${error.message}`)
    return error.code === 'bad_config' ? EX_USAGE : EX_UNAVAILABLE
  }
}

/** Serves until SIGTERM or SIGINT; resolves to the exit code once everything is closed. */
export async function serve(config: Config): Promise<number> {
  const log = openLog(config.logLevel)
  const demonstration = config.demo ? await demonstrationFor(config) : undefined
  const app = await openApp(config, {
    version: await readVersion(),
    log,
    warn: (message) => process.stderr.write(message),
    ...(demonstration ? { routes: demonstration.routes } : {}),
  })
  let stop = (_code: number) => {}
  const stopped = new Promise<number>((resolve) => {
    stop = resolve
  })
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop(0))
  try {
    const url = await app.listen()
    const starting = demonstration?.start(url).then(({ people }) => people)
    starting?.catch((error: unknown) => {
      log.fatal({ err: error }, 'the demonstration could not be set up')
      stop(EX_UNAVAILABLE)
    })
    const people = await Promise.race([starting ?? [], stopped])
    if (Array.isArray(people)) tellReady(config, url, people)
    return await stopped
  } finally {
    // A second signal while stopping ends at once: nothing is lost by it, the log is safe at every moment.
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(1))
    await demonstration?.stop()
    await app.close()
  }
}

type Person = { code: string; name: { bn: string }; post: { bn: string } }

function tellReady({ json, demo }: Config, url: string, people: Person[]): void {
  if (json) {
    const told = people.map(({ name, post, code }) => ({ name: name.bn, post: post.bn, code }))
    process.stdout.write(`${JSON.stringify({ ready: true, url, people: told })}\n`)
  } else {
    process.stdout.write(`স্মারক  ${url}${demo ? '  (demonstration, this machine only)' : ''}\n`)
  }
}

async function demonstrationFor(config: Config) {
  const { Demonstration } = await import('./demo/demonstration.ts')
  return new Demonstration({
    directory: join(config.dataDir, '..', 'authority'),
    simulated: config.simulated,
    onProgress: (step, done, total) => {
      if (!config.json) process.stderr.write(`${step} ${done}/${total}\n`)
    },
    onLost: (code) => process.stderr.write(`smarak: the demonstration's authority ended (${code})\n`),
  })
}

async function readVersion(): Promise<string> {
  return (JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string }).version
}

/** The command's beginning: hands what was typed to `cli/`, and starts the server when that asks for it. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runCommand } from './cli/index.ts'
import type { Ready } from './demo/demonstration.ts'
import { sayIfKnown } from './language/words.ts'
import { type Config, configHelp, readConfig } from './server/config.ts'
import { giveBackWhenIdle } from './server/give-back.ts'

/** As `EXIT.refused` of the command line. */
const REFUSED = 1

process.exitCode = await runCommand(process.argv.slice(2), {
  env: process.env,
  operator: {
    serve: async (words) => serve(readConfig(process.env, words)),
    serveHelp: (lang) => configHelp((name) => sayIfKnown(lang, `cli.settings.${name}`) ?? ''),
    recover: async (words) => (await import('./app.ts')).recover(words, process.env),
  },
})

/** Serves until SIGTERM or SIGINT; resolves to the exit code once everything is closed. */
export async function serve(config: Config): Promise<number> {
  // Read only now: no other command needs a database.
  const { openApp } = await import('./app.ts')
  const { openLog } = await import('./server/log.ts')
  const { buildMissingWeb } = await import('./scripts/build.ts')
  const log = openLog(config.logLevel)
  await buildMissingWeb((why) =>
    log.error({ why }, 'no web app: browsers find nothing here. Run: npm ci && npm run build'),
  )
  const demonstration = config.demo ? await demonstrationFor(config) : undefined
  const app = await openApp(config, {
    version: await readVersion(),
    log,
    warn: (message) => process.stderr.write(message),
    ...(demonstration ? { routes: demonstration.routes } : {}),
  })
  const stopGivingBack = giveBackWhenIdle()
  let stop = (_code: number) => {}
  const stopped = new Promise<number>((resolve) => {
    stop = resolve
  })
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop(0))
  try {
    const url = await app.listen()
    const starting = demonstration?.start(url)
    starting?.catch((error: unknown) => {
      log.fatal({ err: error }, 'the demonstration could not be set up')
      stop(REFUSED)
    })
    const ready = await Promise.race([starting ?? { people: [], codes: [] }, stopped])
    if (typeof ready === 'object') tellReady(config, url, ready)
    return await stopped
  } finally {
    // A second signal while stopping ends at once: nothing is lost by it, the log is safe at every moment.
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(1))
    stopGivingBack()
    await demonstration?.stop()
    await app.close()
  }
}

/** The first line of standard output: with `--json` for programs, who then find each person's joining code in it. */
function tellReady({ json, demo }: Config, url: string, { people, codes }: Ready): void {
  if (json) {
    const told = people.map(({ name, post }, i) => ({ name: name.bn, post: post.bn, code: codes[i] }))
    process.stdout.write(`${JSON.stringify({ ready: true, url, people: told })}\n`)
  } else {
    process.stdout.write(`স্মারক  ${url}${demo ? '  (demonstration, this machine only)' : ''}\n`)
  }
}

async function demonstrationFor(config: Config) {
  const { Demonstration } = await import('./demo/demonstration.ts')
  return new Demonstration({
    directory: `${config.dataDir}-authority`,
    simulated: config.simulated,
    onProgress: config.json ? () => {} : progressOn(process.stderr),
    onLost: (code) => process.stderr.write(`smarak: the demonstration's authority ended (${code})\n`),
  })
}

/** One line a step that counts up on a terminal; in a file only its end. */
function progressOn(stream: NodeJS.WriteStream): (step: string, done: number, total: number) => void {
  return (step, done, total) => {
    const end = done >= total
    if (stream.isTTY) stream.write(`\r${step.padEnd(12)}${done}/${total}${end ? '\n' : ''}`)
    else if (end) stream.write(`${step} ${done}/${total}\n`)
  }
}

async function readVersion(): Promise<string> {
  return (JSON.parse(await readFile(join(import.meta.dirname, 'package.json'), 'utf8')) as { version: string }).version
}

/** Settings, parsed once at start. Nothing else in the server reads the environment. */
import { isIP } from 'node:net'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import * as v from 'valibot'
import { Refusal } from '../core/refusal.ts'
import { type ChannelSettings, readChannels } from './channels/settings.ts'

export type Config = {
  /** Absolute. Holds PostgreSQL, files and the checkpoint, unless told otherwise. */
  dataDir: string
  host: string
  /** 0 takes any free port. */
  port: number
  /** An outside PostgreSQL (15 or newer); undefined starts the one npm brought. */
  databaseUrl: string | undefined
  /** Better on another disk than the database: it is what shows that the database was put back. */
  checkpointFile: string
  tls: { cert: string; key: string } | undefined
  demo: boolean
  /** How many simulated officials a demonstration has; undefined leaves it to the demonstration. */
  simulated: number | undefined
  /** Print one JSON line when ready, instead of words. */
  json: boolean
  logLevel: (typeof LOG_LEVELS)[number]
  /** By variables alone (`SMARAK_…`): there are passwords among them, and flags are seen by everybody on the machine. */
  channels: ChannelSettings
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

/**
 * One thing wrong with the settings: a code of `cli.errors` and what its sentence needs. `wanted` is a word of `cli.wanted`,
 * which may need `least`, `most` or `list` as well.
 */
export type ConfigFault = { code: string } & Record<string, string | number>

/** Each setting: its flag, its variable, what it says in help, and what is wanted. A flag wins over a variable. */
const SETTINGS = {
  data: { variable: 'SMARAK_DATA', says: 'DIR', shape: text(), wanted: { wanted: 'directory' } },
  host: { variable: 'HOST', says: 'ADDRESS', shape: v.pipe(text(), v.check(isHost)), wanted: { wanted: 'host' } },
  port: { variable: 'PORT', says: 'N', ...whole(0, 65_535) },
  'database-url': {
    variable: 'DATABASE_URL',
    says: 'URL',
    shape: v.pipe(text(), v.check(isPostgresUrl)),
    wanted: { wanted: 'like', list: 'postgresql://user:password@host/database' },
  },
  'checkpoint-file': { variable: 'CHECKPOINT_FILE', says: 'FILE', shape: text(), wanted: { wanted: 'file' } },
  'tls-cert': { variable: 'TLS_CERT', says: 'FILE', shape: text(), wanted: { wanted: 'file' } },
  'tls-key': { variable: 'TLS_KEY', says: 'FILE', shape: text(), wanted: { wanted: 'file' } },
  simulated: { variable: 'SIMULATED', says: 'N', ...whole(0, 10_000) },
  'log-level': {
    variable: 'LOG_LEVEL',
    says: 'LEVEL',
    shape: v.picklist(LOG_LEVELS),
    wanted: { wanted: 'oneOf', list: LOG_LEVELS.join(', ') },
  },
} as const

const SWITCHES = ['demo', 'json'] as const

type Name = keyof typeof SETTINGS
type Values = { [K in Name]?: v.InferOutput<(typeof SETTINGS)[K]['shape']> }

/**
 * `args` are the words after `serve`; `root` is where relative defaults stand. Throws one `Refusal('bad_config')` whose
 * `details.faults` (`ConfigFault[]`) names everything that is wrong.
 */
export function readConfig(
  env: Record<string, string | undefined>,
  args: readonly string[],
  root = join(import.meta.dirname, '..'),
): Config {
  const faults: ConfigFault[] = []
  const { flags, switches } = readFlags(args, faults)
  const values: Values = {}
  for (const [name, { variable, shape, wanted }] of Object.entries(SETTINGS)) {
    const [given, option] = name in flags ? [flags[name], `--${name}`] : [env[variable] || undefined, variable]
    if (given === undefined) continue
    const read = v.safeParse(shape as v.GenericSchema<unknown, string | number>, given)
    if (read.success) Object.assign(values, { [name]: read.output })
    else faults.push({ code: 'bad_setting', option: option!, value: given, ...wanted })
  }
  const { 'tls-cert': cert, 'tls-key': key } = values
  if (Boolean(cert) !== Boolean(key))
    faults.push({
      code: 'setting_alone',
      option: cert ? '--tls-cert' : '--tls-key',
      other: cert ? '--tls-key' : '--tls-cert',
    })
  const host = values.host ?? '127.0.0.1'
  if (switches.demo && !isLoopback(host)) faults.push({ code: 'demo_host', option: '--demo', value: `--host ${host}` })
  if (values.simulated !== undefined && !switches.demo)
    faults.push({ code: 'setting_alone', option: '--simulated', other: '--demo' })
  const channels = readChannels(env, faults)
  if (faults.length > 0)
    throw new Refusal(
      'bad_config',
      `Settings to mend: ${faults.map((one) => Object.values(one).join(' ')).join('; ')}`,
      {
        faults,
      },
    )

  const dataDir = values.data ? resolve(values.data) : join(root, 'data')
  return {
    dataDir,
    host,
    port: values.port ?? 8080,
    databaseUrl: values['database-url'],
    checkpointFile: values['checkpoint-file'] ? resolve(values['checkpoint-file']) : join(dataDir, 'checkpoint'),
    tls: cert && key ? { cert: resolve(cert), key: resolve(key) } : undefined,
    demo: switches.demo,
    simulated: values.simulated,
    json: switches.json,
    logLevel: values['log-level'] ?? 'info',
    channels,
  }
}

/** The flags of `serve`, for the command's help: each with its variable, and beneath it what `explain` says of its name. */
export function configHelp(explain: (name: string) => string): string {
  const flags = Object.entries(SETTINGS).map(([name, { variable, says }]) => ({ name, says, variable: `$${variable}` }))
  const all = [...SWITCHES.map((name) => ({ name, says: '', variable: '' })), ...flags]
  return all
    .map(({ name, says, variable }) =>
      [`  ${`--${name} ${says}`.padEnd(26)}${variable}`.trimEnd(), `      ${explain(name)}`].join('\n'),
    )
    .join('\n')
}

/** Whether only this machine can reach a server that listens on `host`. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

function readFlags(
  args: readonly string[],
  faults: ConfigFault[],
): { flags: Record<string, string>; switches: { demo: boolean; json: boolean } } {
  const flags: Record<string, string> = {}
  const switches = { demo: false, json: false }
  const known = Object.fromEntries([
    ...Object.keys(SETTINGS).map((name) => [name, { type: 'string' as const }]),
    ...SWITCHES.map((name) => [name, { type: 'boolean' as const }]),
  ])
  const { tokens } = parseArgs({ args: [...args], options: known, strict: false, tokens: true })
  for (const token of tokens) {
    if (token.kind === 'positional') faults.push({ code: 'extra_word', word: token.value })
    if (token.kind !== 'option') continue
    const isSwitch = (SWITCHES as readonly string[]).includes(token.name)
    const fault = (code: string) => faults.push({ code, option: token.rawName })
    if (!(token.name in known)) fault('unknown_option')
    else if (isSwitch && token.value !== undefined) fault('needless_value')
    else if (isSwitch) switches[token.name as keyof typeof switches] = true
    else if (token.value === undefined || token.value.startsWith('--')) fault('missing_value')
    else if (token.name in flags) fault('repeated_option')
    else flags[token.name] = token.value
  }
  return { flags, switches }
}

function text() {
  return v.pipe(v.string(), v.trim(), v.nonEmpty())
}

function whole(least: number, most: number) {
  const digits = v.pipe(v.string(), v.regex(/^\d{1,9}$/))
  const shape = v.pipe(digits, v.transform(Number), v.minValue(least), v.maxValue(most))
  return { shape, wanted: { wanted: 'whole', least, most } }
}

function isHost(host: string): boolean {
  return isIP(host) > 0 || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(host)
}

function isPostgresUrl(url: string): boolean {
  return /^postgres(ql)?:\/\/\S+$/.test(url)
}

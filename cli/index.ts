/** The door of the command line: `main.ts` hands over what was typed. */
import type { Lang } from '../language/digits.ts'
import { Args, EXIT, type Io, type Operator, Usage } from './command.ts'
import { commands, type Listed } from './commands.ts'
import { failureOf } from './errors.ts'
import { helpFor, helpForAll } from './help.ts'
import { langOf, processIo } from './io.ts'
import { readArgs } from './read-args.ts'

export type Needs = {
  /** Only `LANG` is looked at. */
  env?: Record<string, string | undefined>
  io?: Omit<Io, 'lang' | 'json' | 'operator'>
  operator?: Operator
}

/** Runs `./smarak` with the words after it and gives the exit code (`EXIT`). Never throws. */
export async function runCommand(
  words: readonly string[],
  { env = {}, io = processIo(), operator = nobody }: Needs = {},
): Promise<number> {
  const lang = askedLang(words) ?? langOf(env)
  const json = words.includes('--json')
  const listed = findCommand(words)
  const hint = `./smarak ${listed ? `${listed.name} ` : ''}--help`
  try {
    return await dispatch(words, listed, { ...io, lang, json, operator })
  } catch (error) {
    const { code, message, exit } = failureOf(error, lang, hint)
    if (json) io.out(JSON.stringify({ error: { code, message } }))
    else io.err(`smarak: ${message}`)
    if (exit === EXIT.bug) io.err(String((error instanceof Error && error.stack) || error))
    return exit
  }
}

async function dispatch(words: readonly string[], listed: Listed | undefined, io: Io): Promise<number> {
  if (!listed) {
    const named = words.filter((word) => !word.startsWith('-') && word !== 'help' && word !== askedLang(words))
    if (named.length > 0) throw new Usage('unknown_command', { command: named.slice(0, 2).join(' ') })
    const asked = words.includes('--help') || words.includes('help')
    const write = asked ? io.out : io.err
    write(helpForAll(io.lang))
    return asked ? EXIT.ok : EXIT.usage
  }
  const command = await listed.load()
  const rest = words.slice(listed.name.split(' ').length)
  if (command.passesOn && !rest.includes('--help')) return command.run(new Args(withoutLang(rest), new Map()), io)
  const args = readArgs(command, command.passesOn ? ['--help'] : rest)
  const lang = args.text('lang')
  if (lang !== undefined && lang !== 'bn' && lang !== 'en')
    throw new Usage('bad_value', { option: '--lang', value: lang })
  if (args.flag('help')) {
    io.out(helpFor(listed, command, io))
    return EXIT.ok
  }
  return command.run(args, io)
}

/** The command that the first words name; the longer name wins. */
function findCommand(words: readonly string[]): Listed | undefined {
  const named = commands.filter(({ name }) => name.split(' ').every((word, i) => words[i] === word))
  return named.sort((a, b) => b.name.length - a.name.length)[0]
}

/** Looked for before anything is checked, so that every error is said in the language asked for. */
function askedLang(words: readonly string[]): Lang | undefined {
  const at = words.findIndex((word) => word === '--lang' || word.startsWith('--lang='))
  const value = at < 0 ? undefined : words[at] === '--lang' ? words[at + 1] : words[at]!.slice('--lang='.length)
  return value === 'bn' || value === 'en' ? value : undefined
}

function withoutLang(words: readonly string[]): string[] {
  const at = words.indexOf('--lang')
  return words.filter((word, i) => !word.startsWith('--lang=') && (at < 0 || (i !== at && i !== at + 1)))
}

/** Where the command line runs without `main.ts` there is no server to start. */
const nobody: Operator = {
  serve: () => Promise.reject(new TypeError('main.ts starts the server')),
  serveHelp: () => '',
  recover: () => Promise.reject(new TypeError('main.ts recovers a log')),
}

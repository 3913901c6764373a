import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { Args, type Command, type Option, Usage } from './command.ts'

/** Options that every command has. */
export const commonOptions: Record<string, Option> = {
  lang: { value: 'bn|en', says: 'cli.options.lang' },
  help: { says: 'cli.options.help' },
}

const jsonOption: Option = { says: 'cli.options.json' }

/** The command's own options and those of every command, in the order help shows them. */
export function optionsOf({ options, json }: Command): Record<string, Option> {
  return { ...options, ...(json && { json: jsonOption }), ...commonOptions }
}

/**
 * The words behind a command's name, checked: every option is one of the command's, has a value if it should, comes once
 * unless it may come more often, and the number of words fits. Throws `Usage`.
 */
export function readArgs(command: Command, argv: readonly string[]): Args {
  const options = optionsOf(command)
  const config: ParseArgsOptionsConfig = Object.fromEntries(
    Object.entries(options).map(([name, { value }]) => [name, { type: value ? 'string' : 'boolean' }]),
  )
  const args = command.takesIds ? argv.map((word) => guardId(word, options)) : [...argv]
  const { tokens } = parseArgs({ args, options: config, strict: false, tokens: true })
  const words: string[] = []
  const values = new Map<string, string[]>()
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(unguard(token.value))
    if (token.kind !== 'option') continue
    const { name, rawName: option } = token
    const value = token.value === undefined ? undefined : unguard(token.value)
    const known = Object.hasOwn(options, name) && option === `--${name}` ? options[name] : undefined
    if (!known) throw new Usage('unknown_option', { option })
    if (known.value && (value === undefined || isOption(value, options))) throw new Usage('missing_value', { option })
    if (!known.value && value !== undefined) throw new Usage('needless_value', { option })
    const before = values.get(name) ?? []
    if (before.length > 0 && known.value && !known.many) throw new Usage('repeated_option', { option })
    values.set(name, [...before, value ?? ''])
  }
  const { least, most, say } = command.words ?? { least: 0, most: 0, say: '' }
  if (words.length < least && !values.has('help')) throw new Usage('missing_word', { word: say })
  if (words.length > most) throw new Usage('extra_word', { word: words[most] })
  return new Args(words, values)
}

/** @NOTE One id in sixty-four begins with a hyphen, and would be read as options. No word that is typed holds this character. */
const GUARD = '\0'

function guardId(word: string, options: Record<string, Option>): string {
  const isId = /^-[\w-]{21}$/.test(word) && !Object.hasOwn(options, word.replace(/^--/, ''))
  return isId ? GUARD + word : word
}

function unguard(word: string): string {
  return word.startsWith(GUARD) ? word.slice(GUARD.length) : word
}

/** `--data --port 1`: the value was forgotten. `--note --` or `--note -5` are values. */
function isOption(value: string, options: Record<string, Option>): boolean {
  return value.startsWith('--') && Object.hasOwn(options, value.slice(2).split('=')[0]!)
}

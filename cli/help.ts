import type { Lang } from '../language/digits.ts'
import { say, sayIfKnown, type WordKey } from '../language/words.ts'
import type { Command, Io } from './command.ts'
import { commands, type Listed } from './commands.ts'
import { optionsOf } from './read-args.ts'

/** All commands with what each does. */
export function helpForAll(lang: Lang): string {
  return [
    say(lang, 'cli.usage', { command: './smarak COMMAND' }),
    '',
    ...columns(commands.map(({ name, says }) => [name, word(lang, says)])),
    '',
    say(lang, 'cli.more', { command: './smarak COMMAND --help' }),
    say(lang, 'cli.exits'),
  ].join('\n')
}

/** One command with its options. */
export function helpFor({ name, says }: Listed, command: Command, io: Io): string {
  const { lang } = io
  const words = command.words ? ` ${command.words.say}` : ''
  const options = Object.entries(optionsOf(command)).map(([option, { value, says }]): [string, string] => [
    `--${option}${value ? ` ${value}` : ''}`,
    word(lang, says),
  ])
  return [
    say(lang, 'cli.usage', { command: `./smarak ${name}${words} …` }),
    word(lang, says),
    '',
    ...columns(options),
    ...(command.more ? ['', command.more(io)] : []),
  ].join('\n')
}

/** Left sides are Latin and so of even width; the right ones are never measured. */
function columns(rows: [left: string, right: string][]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length)) + 3
  return rows.map(([left, right]) => `  ${left.padEnd(width)}${right}`)
}

/** Words of a list are chosen while running; the list's type says they exist. */
function word(lang: Lang, key: WordKey): string {
  return sayIfKnown(lang, key) ?? key
}

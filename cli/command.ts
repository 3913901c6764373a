import { Refusal } from '../core/refusal.ts'
import type { Lang } from '../language/digits.ts'
import type { WordKey } from '../language/words.ts'

/** What a command may touch besides the parts it calls. A test passes one of its own. */
export type Io = {
  /** Writes a line to standard output. */
  out(line: string): void
  /** Writes a line to standard error: errors, progress, what a person should know besides the answer. */
  err(line: string): void
  lang: Lang
  /** `--json` was given: the one thing written with `out` is then a JSON object. */
  json: boolean
  /** Milliseconds since 1970. */
  now(): number
  /** A file as bytes; `-` is standard input. Throws `Refusal`: file_missing, file_unreadable, too_large. */
  readFile(path: string, atMost?: number): Promise<Uint8Array>
  /** Writes a file, over an older one. Throws `Refusal('file_unwritable')`. */
  writeFile(path: string, bytes: Uint8Array | string): Promise<void>
  /** The paths of a directory's entries, sorted; null for what is no directory. */
  list(path: string): Promise<string[] | null>
  operator: Operator
}

/** What `main.ts` starts for an operator; it reads the settings of the server from words and environment itself. */
export type Operator = {
  serve(words: readonly string[]): Promise<number>
  /** The settings of `serve`, one under the other, each explained. */
  serveHelp(lang: Lang): string
  recover(words: readonly string[]): Promise<number>
}

/** One option. `value` is what stands for its value in help (DIR, FILE); options without one are switches. */
export type Option = { value?: string; says: WordKey; many?: boolean }

/** One command of `./smarak`. `commands.ts` lists it by name. */
export type Command = {
  /** What stands after the options: how it reads in help, and how many of it there may be. */
  words?: { say: string; least: number; most: number }
  /** A word may be the id of an item, which may begin with a hyphen. */
  takesIds?: boolean
  options?: Record<string, Option>
  /** Whether it has `--json`. */
  json?: boolean
  /** Its words are read by whom it calls, `--help` and `--lang` apart: `args.words` are all of them. */
  passesOn?: boolean
  /** More to read in `--help`, below the options. */
  more?(io: Io): string
  /** Does it and gives the exit code. Throws `Refusal` for what the caller can act on. */
  run(args: Args, io: Io): Promise<number>
}

/** What the exit code of `./smarak` says. */
export const EXIT = { ok: 0, refused: 1, usage: 2, unreachable: 3, bug: 4 } as const

/** A command typed wrongly: exit code 2. The code is worded under `cli.errors`. */
export class Usage extends Refusal {
  constructor(code: UsageCode, details: Record<string, unknown> = {}) {
    super(code, `${code} ${Object.values(details).join(' ')}`.trim(), details)
    this.name = 'Usage'
  }
}

export type UsageCode =
  | 'unknown_command'
  | 'unknown_option'
  | 'missing_value'
  | 'needless_value'
  | 'repeated_option'
  | 'missing_option'
  | 'missing_word'
  | 'extra_word'
  | 'bad_value'
  | 'bad_date'
  | 'past_date'
  | 'advice_due'
  | 'bad_report'
  | 'empty_directory'

/** The options and words of one call, checked against the command. */
export class Args {
  readonly words: readonly string[]
  readonly #values: ReadonlyMap<string, readonly string[]>

  constructor(words: readonly string[], values: ReadonlyMap<string, readonly string[]>) {
    this.words = words
    this.#values = values
  }

  /** The option's value, or undefined when it was not given. */
  text(name: string): string | undefined {
    return this.#values.get(name)?.at(-1)
  }

  /** The option's value; throws `Usage('missing_option')` when it was not given. */
  needed(name: string): string {
    const value = this.text(name)
    if (value === undefined) throw new Usage('missing_option', { option: `--${name}` })
    return value
  }

  /** Whether the switch was given. */
  flag(name: string): boolean {
    return this.#values.has(name)
  }

  /** Every value of an option that may come more than once. */
  all(name: string): readonly string[] {
    return this.#values.get(name) ?? []
  }
}

import type { WordKey } from '../language/words.ts'
import type { Command } from './command.ts'

/** A command by its name, one word or two; its file is read only when it is called. */
export type Listed = { name: string; says: WordKey; load: () => Promise<Command> }

/** Every command, in the order help shows them. A new one is a file beside this and a line here. */
export const commands: Listed[] = [
  { name: 'date', says: 'cli.commands.date', load: async () => (await import('./date.ts')).date },
]

import type { WordKey } from '../language/words.ts'
import type { Command } from './command.ts'

/** A command by its name, one word or two; its file is read only when it is called. */
export type Listed = { name: string; says: WordKey; load: () => Promise<Command> }

/** Every command, in the order help shows them. A new one is a file beside this and a line here. */
export const commands: Listed[] = [
  { name: 'serve', says: 'cli.commands.serve', load: async () => (await import('./serve.ts')).serve },
  { name: 'date', says: 'cli.commands.date', load: async () => (await import('./date.ts')).date },
  {
    name: 'letter read',
    says: 'cli.commands.letterRead',
    load: async () => (await import('./letter-read.ts')).letterRead,
  },
  {
    name: 'letter resolve',
    says: 'cli.commands.letterResolve',
    load: async () => (await import('./letter-resolve.ts')).letterResolve,
  },
  { name: 'init', says: 'cli.commands.init', load: async () => (await import('./init.ts')).init },
  { name: 'import', says: 'cli.commands.import', load: async () => (await import('./import.ts')).importPlan },
  { name: 'delegate', says: 'cli.commands.delegate', load: async () => (await import('./delegate.ts')).delegate },
  { name: 'ticket', says: 'cli.commands.ticket', load: async () => (await import('./ticket.ts')).ticket },
  {
    name: 'log recover',
    says: 'cli.commands.logRecover',
    load: async () => (await import('./log-recover.ts')).logRecover,
  },
]

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
  { name: 'join', says: 'cli.commands.join', load: async () => (await import('./join.ts')).join },
  { name: 'issue', says: 'cli.commands.issue', load: async () => (await import('./issue.ts')).issue },
  { name: 'inbox', says: 'cli.commands.inbox', load: async () => (await import('./inbox.ts')).inbox },
  { name: 'show', says: 'cli.commands.show', load: async () => (await import('./show.ts')).show },
  { name: 'ack', says: 'cli.commands.ack', load: async () => (await import('./ack.ts')).ack },
  { name: 'answer', says: 'cli.commands.answer', load: async () => (await import('./answer.ts')).answer },
  { name: 'cancel', says: 'cli.commands.cancel', load: async () => (await import('./cancel.ts')).cancel },
  { name: 'supersede', says: 'cli.commands.supersede', load: async () => (await import('./supersede.ts')).supersede },
  { name: 'pass-on', says: 'cliFollowing.commands.passOn', load: async () => (await import('./pass-on.ts')).passOn },
  { name: 'direct', says: 'cliFollowing.commands.direct', load: async () => (await import('./direct.ts')).direct },
  { name: 'amend', says: 'cliFollowing.commands.amend', load: async () => (await import('./amend.ts')).amend },
  { name: 'withdraw', says: 'cliFollowing.commands.withdraw', load: async () => (await import('./cancel.ts')).cancel },
  { name: 'report', says: 'cliFollowing.commands.report', load: async () => (await import('./report.ts')).report },
  { name: 'reach', says: 'cliFollowing.commands.reach', load: async () => (await import('./reach.ts')).reach },
  { name: 'remind', says: 'cliFollowing.commands.remind', load: async () => (await import('./remind.ts')).remind },
  {
    name: 'practice',
    says: 'cliRunning.commands.practice',
    load: async () => (await import('./practice.ts')).practice,
  },
  { name: 'held list', says: 'cliRunning.commands.heldList', load: async () => (await import('./held.ts')).heldList },
  {
    name: 'held release',
    says: 'cliRunning.commands.heldRelease',
    load: async () => (await import('./held.ts')).heldRelease,
  },
  { name: 'held drop', says: 'cliRunning.commands.heldDrop', load: async () => (await import('./held.ts')).heldDrop },
  { name: 'track', says: 'cli.commands.track', load: async () => (await import('./track.ts')).track },
  { name: 'log prove', says: 'cli.commands.logProve', load: async () => (await import('./log-prove.ts')).logProve },
  { name: 'outbox', says: 'cli.commands.outbox', load: async () => (await import('./outbox.ts')).outbox },
  { name: 'init', says: 'cli.commands.init', load: async () => (await import('./init.ts')).init },
  { name: 'import', says: 'cli.commands.import', load: async () => (await import('./import.ts')).importPlan },
  {
    name: 'contacts',
    says: 'cliRunning.commands.contacts',
    load: async () => (await import('./contacts.ts')).contacts,
  },
  { name: 'delegate', says: 'cli.commands.delegate', load: async () => (await import('./delegate.ts')).delegate },
  {
    name: 'transfer',
    says: 'cliRunning.commands.transfer',
    load: async () => (await import('./transfer.ts')).transfer,
  },
  { name: 'change', says: 'cliRunning.commands.change', load: async () => (await import('./change.ts')).change },
  { name: 'cover', says: 'cliRunning.commands.cover', load: async () => (await import('./cover.ts')).cover },
  { name: 'ticket', says: 'cli.commands.ticket', load: async () => (await import('./ticket.ts')).ticket },
  {
    name: 'log journal',
    says: 'cli.commands.logJournal',
    load: async () => (await import('./log-journal.ts')).logJournal,
  },
  {
    name: 'log recover',
    says: 'cli.commands.logRecover',
    load: async () => (await import('./log-recover.ts')).logRecover,
  },
]

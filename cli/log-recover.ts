import type { Command } from './command.ts'

/** `log recover [--from FILE…]`: gives a log back the items its database lost, from what devices gave back and from files. */
export const logRecover: Command = {
  passesOn: true,
  options: { from: { value: 'FILE…', says: 'cli.options.from' } },
  more: ({ operator, lang }) => operator.serveHelp(lang),
  run: ({ words }, { operator }) => operator.recover(words),
}

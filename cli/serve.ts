import type { Command } from './command.ts'

/** `serve`: the server, and with `--demo` a demonstration. Its settings are `server/config.ts`'s. */
export const serve: Command = {
  passesOn: true,
  more: ({ operator, lang }) => operator.serveHelp(lang),
  run: ({ words }, { operator }) => operator.serve(words),
}

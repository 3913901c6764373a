import type { Plugin } from 'vite'

/** What only the command line says stays out of the page: it would be a tenth of all that a phone fetches before its first screen. */
export function withoutCommandWords(): Plugin {
  return {
    name: 'smarak-without-command-words',
    enforce: 'pre',
    load(id) {
      return /\/language\/words\/cli(?:-[a-z]+)?\.ts(?:\?english)?$/.test(id)
        ? 'export const bn = {}\nexport const en = {}\n'
        : null
    },
  }
}

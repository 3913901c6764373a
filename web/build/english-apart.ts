import type { Plugin } from 'vite'

const NOT_YET = '\0smarak-no-english-yet'

/**
 * Whoever reads Bangla does not fetch the English words, a tenth of what a phone needs before its first screen. `en` of
 * language/words/index.ts is empty in the page until `learnEnglish` (web/shell/english.ts) has filled it. The files of words
 * hold both languages, so each is taken twice, and of each copy what nobody uses is left out.
 */
export function englishApart(): Plugin {
  return {
    name: 'smarak-english-apart',
    enforce: 'pre',
    apply: 'build',
    async resolveId(source, importer, options) {
      const from = importer?.split('?')[0] ?? ''
      if (source === './english.ts' && from.endsWith('/language/words/index.ts')) return NOT_YET
      if (!source.startsWith('./') || !from.endsWith('/language/words/english.ts')) return null
      const resolved = await this.resolve(source, importer, { ...options, skipSelf: true })
      return resolved && `${resolved.id}?english`
    },
    load(id) {
      return id === NOT_YET ? 'export const en = {}' : null
    },
  }
}

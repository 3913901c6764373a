import type { Name } from '../../client/views.ts'
import type { Lang } from '../../language/digits.ts'
import { say, sayIfKnown, sayRefusal, type WordKey } from '../../language/words.ts'
import { learnEnglish } from './english.ts'

export type Size = '100' | '115' | '130'
export type Theme = 'system' | 'light' | 'dark'
type Rest<K extends WordKey> = Parameters<typeof say<K>> extends [unknown, unknown, ...infer R] ? R : never

const names = { lang: 'smarak-language', size: 'smarak-size', theme: 'smarak-theme' }

/** What the reader chose for his eyes, kept in this browser; and the words in his language. */
export class Prefs {
  #lang: Lang = $state('bn')
  #size: Size = $state('100')
  #theme: Theme = $state('system')
  #dark = matchMedia('(prefers-color-scheme: dark)')

  /** Resolves once the words are here: draw nothing before. */
  readonly ready: Promise<void>

  constructor() {
    const size = read(names.size)
    if (size === '115' || size === '130') this.#size = size
    const theme = read(names.theme)
    if (theme === 'light' || theme === 'dark') this.#theme = theme
    this.#dark.addEventListener('change', () => this.#show())
    this.#show()
    // Without them he reads Bangla until the page is opened again.
    this.ready = read(names.lang) === 'en' ? this.speak('en').catch(() => {}) : Promise.resolve()
  }

  get lang(): Lang {
    return this.#lang
  }

  /** Changes the language, once its words are here. Throws where they cannot be fetched; it is then as it was. */
  async speak(lang: Lang): Promise<void> {
    if (lang === 'en') await learnEnglish()
    this.#lang = lang
    keep(names.lang, lang)
    this.#show()
  }

  get size(): Size {
    return this.#size
  }
  set size(size: Size) {
    this.#size = size
    keep(names.size, size)
    this.#show()
  }

  get theme(): Theme {
    return this.#theme
  }
  set theme(theme: Theme) {
    this.#theme = theme
    keep(names.theme, theme)
    this.#show()
  }

  /** The sentence of `key` in the reader's language. */
  say = <K extends WordKey>(key: K, ...rest: Rest<K>): string => (say as Loose)(this.#lang, key, ...rest)

  /** What to tell the reader about a refusal. */
  refusal = (code: string, details: Record<string, unknown> = {}): string => sayRefusal(this.#lang, code, details)

  /** What the reader of letters noticed. */
  warning = (code: string, params: Record<string, string> = {}): string =>
    sayIfKnown(this.#lang, `letter.warnings.${code}`, params) ?? this.say('issue.letter.check')

  /** A remark on a line of the distribution; `rest` is the number or the words that came with it. */
  remark = (code: string, rest: string): string => {
    const params = { n: Number(rest) || 0, part: rest, word: rest }
    return sayIfKnown(this.#lang, `issue.addressees.${code}`, params) ?? this.say('issue.addressees.unresolved')
  }

  /** A name in the reader's language, or in Bangla where there is no other. */
  name = (name: Name | undefined): string => (name ? name[this.#lang] || name.bn || name.en : '')

  #show(): void {
    const page = document.documentElement
    page.lang = this.#lang
    page.dataset.size = this.#size
    page.dataset.theme = this.#theme === 'system' ? (this.#dark.matches ? 'dark' : 'light') : this.#theme
  }
}

type Loose = (lang: Lang, key: string, ...rest: unknown[]) => string

/** @NOTE Storage may be shut (a private window): then the choice lasts as long as the page. */
function read(name: string): string | null {
  try {
    return localStorage.getItem(name)
  } catch {
    return null
  }
}

function keep(name: string, value: string): void {
  try {
    localStorage.setItem(name, value)
  } catch {
    // The choice lasts as long as the page: nothing of the reader's work depends on it.
  }
}

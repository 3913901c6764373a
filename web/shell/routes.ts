/** Where the reader stands. The address bar holds exactly this, so a reload or a sent link opens the same place. */
export type Place =
  | { at: 'start'; code: string }
  | { at: 'today' | 'directives'; letter: LetterPlace | null }
  | { at: 'issue'; step: IssueStep }
  | { at: 'board'; id: string; within: string }
  | { at: 'drafts'; id: string | null }
  | { at: 'more'; page: MorePage | null }

export type LetterPlace = { id: string; post: string; panel: 'answer' | 'proof' | null }
export type IssueStep = 'letter' | 'addressees' | 'check'
export const PAGES = ['posts', 'devices', 'connection', 'reach', 'practice', 'held', 'about', 'settings'] as const
export type MorePage = (typeof PAGES)[number]
export type Room = 'today' | 'directives' | 'more'

const steps: readonly string[] = ['letter', 'addressees', 'check']
const pages: readonly string[] = PAGES

/** The place an address means; anything unknown is আজ. `hash` carries a joining code, which must not reach a server's log. */
export function placeOf(path: string, hash = ''): Place {
  const [room = '', ...rest] = path.split('/').filter(Boolean).map(decoded)
  if (room === 'join') return { at: 'start', code: rest[0] ?? decoded(hash.replace(/^#/, '')) }
  if (room === 'issue') return { at: 'issue', step: steps.includes(rest[0]!) ? (rest[0] as IssueStep) : 'letter' }
  if (room === 'board' && rest[0]) return { at: 'board', id: rest[0], within: rest[1] ?? '' }
  if (room === 'drafts') return { at: 'drafts', id: rest[0] ?? null }
  if (room === 'more') return { at: 'more', page: pages.includes(rest[0]!) ? (rest[0] as MorePage) : null }
  if (room === 'directives') return { at: 'directives', letter: letterOf(rest) }
  if (room === 'today') return { at: 'today', letter: letterOf(rest) }
  return { at: 'today', letter: null }
}

/** The address of a place: `placeOf(pathOf(place))` is `place`. */
export function pathOf(place: Place): string {
  if (place.at === 'start') return place.code ? `/join#${encodeURIComponent(place.code)}` : '/join'
  if (place.at === 'issue') return place.step === 'letter' ? '/issue' : `/issue/${place.step}`
  if (place.at === 'board') return join('board', place.id, place.within)
  if (place.at === 'drafts') return join('drafts', place.id ?? '')
  if (place.at === 'more') return join('more', place.page ?? '')
  if (place.letter) return join(place.at, place.letter.id, place.letter.post, place.letter.panel ?? '')
  return place.at === 'today' ? '/' : `/${place.at}`
}

/** The room whose tab is lit. */
export function roomOf(place: Place): Room {
  if (place.at === 'today' || place.at === 'start') return 'today'
  return place.at === 'more' ? 'more' : 'directives'
}

/** One step outwards: from a panel to its letter, from a letter to its list, from a list nowhere (null). */
export function outwards(place: Place): Place | null {
  if (place.at === 'today' || place.at === 'directives') {
    if (!place.letter) return null
    return { ...place, letter: place.letter.panel ? { ...place.letter, panel: null } : null }
  }
  if (place.at === 'drafts' && place.id) return { at: 'drafts', id: null }
  if (place.at === 'more') return place.page ? { at: 'more', page: null } : null
  if (place.at === 'board' || place.at === 'issue' || place.at === 'drafts') return { at: 'directives', letter: null }
  return null
}

/** Whether going from `a` to `b` shows another screen (and so moves the focus to its title). */
export function sameScreen(a: Place, b: Place): boolean {
  if (a.at === 'board' && b.at === 'board') return a.id === b.id
  return pathOf(a) === pathOf(b)
}

function letterOf([id, post, panel]: string[]): LetterPlace | null {
  if (!id || !post) return null
  return { id, post, panel: panel === 'answer' || panel === 'proof' ? panel : null }
}

function join(...steps: string[]): string {
  return `/${steps.filter(Boolean).map(encodeURIComponent).join('/')}`
}

function decoded(step: string): string {
  try {
    return decodeURIComponent(step)
  } catch {
    return step
  }
}

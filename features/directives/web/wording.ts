import type { Answer, DirectiveRow, PostName } from '../../../client/views.ts'
import { postTitle } from '../../../web/shell/posts.ts'
import type { Prefs } from '../../../web/shell/prefs.svelte.ts'
import { owedOf } from './sections.ts'
import { answerWords, progressWords } from './states.ts'

/** A private secretary reads for a principal: what he does with a letter is present it. */
export function isSecretary(post: PostName | undefined): boolean {
  return post?.title.bn.includes('একান্ত সচিব') ?? false
}

/** The word of an answer: what a private secretary has done with a letter is present it. */
export function givenWord({ by, state }: Pick<Answer, 'by' | 'state'>) {
  return state === 'done' && isSecretary(by) ? 'letter.acts.present' : answerWords[state]
}

/** How far a row came, and where it was answered, what was said; `by` is the reader's own post. */
export function rowWord({ progress, said }: Pick<DirectiveRow, 'progress' | 'said'>, by: Answer['by'] | undefined) {
  if (!said) return progressWords[progress]
  return by ? givenWord({ by, state: said }) : answerWords[said]
}

/** What an answer is for: দফা খ, গ. The whole of a letter has no label (''), and is no clause. */
export function answeredName({ say }: Pick<Prefs, 'say'>, clauses: readonly string[]): string {
  const labels = clauses.filter(Boolean).join(', ')
  if (!labels) return say('letter.parts.wholeLetter')
  return say(clauses.includes('') ? 'answer.wholeAndClauses' : 'answer.clauses', { labels })
}

/** What a row still asks, as words: "প্রাপ্তি স্বীকার · দফা গ প্রতিপালন". */
export function owedText(
  { say }: Pick<Prefs, 'say'>,
  row: Pick<DirectiveRow, 'owed' | 'publish'>,
  post?: PostName,
): string {
  return owedOf(row, isSecretary(post))
    .map((owed) =>
      owed.what === 'clauses'
        ? say('today.owed.clauses', { labels: owed.labels.join(', ') })
        : say(`today.owed.${owed.what}`),
    )
    .join(' · ')
}

/** Whom the reader waits for, where his device has no key to the letter yet. */
export function waitingText(prefs: Prefs, { keyFrom = [] }: Pick<DirectiveRow, 'keyFrom'>): string {
  if (keyFrom.length === 0) return prefs.say('letter.waitingForKeyHelp')
  return prefs.say('letter.waitingForKeyFrom', { posts: keyFrom.map((post) => postTitle(prefs, post)).join('; ') })
}

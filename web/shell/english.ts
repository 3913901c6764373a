import { en } from '../../language/words/index.ts'

/** Fetches the English words where they are not here yet. Throws where they cannot be fetched. */
export async function learnEnglish(): Promise<void> {
  Object.assign(en, (await import('../../language/words/english.ts')).en)
}

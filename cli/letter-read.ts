import { readLetter } from '../letters/read.ts'
import { type Command, EXIT } from './command.ts'
import { letterJson } from './letter-json.ts'
import { letterText } from './letter-text.ts'
import { readText } from './read-text.ts'

/** No letter is longer; a file that is was given by mistake. */
export const MOST_LETTER = 1_000_000

/** `letter read FILE`: what a letter says. Nothing is guessed: what was not found is null, what is doubtful a warning. */
export const letterRead: Command = {
  words: { say: 'FILE', least: 1, most: 1 },
  json: true,
  async run({ words: [file] }, io) {
    const reading = readLetter(await readText(file!, io, MOST_LETTER))
    io.out(io.json ? JSON.stringify(letterJson(reading, io.lang)) : letterText(reading, io.lang))
    return EXIT.ok
  },
}

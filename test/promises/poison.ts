/**
 * One poisoned item hurts nobody else: among thousands of good ones, items whose rule, fold or rows break on a fault of ours
 * are refused by name, and every other item is placed.
 */

import type { PromiseTest } from '../../scripts/promises.ts'
import { type Db, openDb } from '../../server/db.ts'
import { type Answer, makeNote, openNotes } from '../helpers/notes.ts'
import { startTestPostgres, TEMPLATE } from '../helpers/postgres.ts'

const POISONS = ['breaks the rule', 'breaks the fold', 'breaks the rows']

export type PoisonFigures = {
  good: number
  placed: number
  poisoned: number
  refused: number
  /** Poisoned items that took a place, and good ones that did not. */
  wrong: number
  /** Slowest request that held a poisoned item's batch up, ms. */
  slowest: number
}

/** `requests` go out `clients` at a time, each of 1 to 20 items; in every tenth stands a poisoned one. */
export async function tryPoison(db: Db, requests: number, clients: number): Promise<PoisonFigures> {
  const service = await openNotes(db)
  const figures = { good: 0, placed: 0, poisoned: 0, refused: 0, wrong: 0, slowest: 0 }
  try {
    let next = 0
    const client = async () => {
      while (next < requests) {
        const n = next++
        const texts = Array.from({ length: 1 + (n % 20) }, (_, i) => `good ${n} ${i}`)
        if (n % 10 === 5) texts.splice(n % texts.length, 0, POISONS[n % POISONS.length]!)
        const notes = await Promise.all(texts.map((text) => makeNote(service.author, text)))
        const start = performance.now()
        const answers = await service.send(...notes)
        figures.slowest = Math.max(figures.slowest, performance.now() - start)
        for (const [i, answer] of answers.entries()) count(texts[i]!, answer)
      }
    }
    await Promise.all(Array.from({ length: clients }, client))
    const { rows } = (await db.one<{ rows: number }>(
      `SELECT count(*) AS rows FROM item i JOIN note n USING (index) WHERE n.text LIKE 'good %'`,
    ))!
    if (rows !== figures.placed) figures.wrong += 1
    return figures
  } finally {
    await service.close()
  }

  function count(text: string, answer: Answer): void {
    const isPoison = POISONS.includes(text)
    const isPlaced = 'index' in answer
    if (isPoison) figures.poisoned += 1
    else figures.good += 1
    if (isPlaced) figures.placed += 1
    else if (answer.code === 'internal') figures.refused += 1
    if (isPoison === isPlaced) figures.wrong += 1
  }
}

export const promise: PromiseTest = {
  name: 'poison',
  says: 'one poisoned item in a batch hurts nobody else',
  async run() {
    const { postgres, stop } = await startTestPostgres()
    const db = openDb({ url: postgres.urlFor(TEMPLATE) })
    const figures = await tryPoison(db, 3_000, 32).finally(() => db.close().then(stop))
    const { good, placed, poisoned, refused, wrong, slowest } = figures
    return {
      kept: wrong === 0 && placed === good && refused === poisoned,
      figures:
        `${good} good items, ${placed} placed; ${poisoned} poisoned, ${refused} refused; ` +
        `slowest request ${Math.round(slowest)} ms`,
    }
  },
}

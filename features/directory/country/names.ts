import * as v from 'valibot'
import namesJson from './data/names.json' with { type: 'json' }

export type Name = { bn: string; en: string }

const parts = v.pipe(v.array(v.tuple([v.string(), v.string()])), v.minLength(1))
const shape = v.object({
  groups: v.pipe(v.array(v.object({ share: v.number(), first: parts, last: parts })), v.minLength(1)),
})

/**
 * The `n`th invented name (from 0), always the same for the same `data/names.json`. Groups take turns by their shares,
 * and each walks all its combinations before it repeats one.
 */
export function nameAt(n: number): Name {
  const { groups, turns, step } = walk()
  const turn = turns[(n * step) % turns.length]!
  const group = groups[turn.group]!
  const nth = Math.floor(n / turns.length) * group.share + turn.before
  const at = (nth * group.step) % (group.first.length * group.last.length)
  const first = group.first[at % group.first.length]!
  const last = group.last[Math.floor(at / group.first.length)]!
  return { bn: `${first[0]} ${last[0]}`.normalize('NFC'), en: `${first[1]} ${last[1]}` }
}

let made: ReturnType<typeof prepare> | undefined

function walk(): ReturnType<typeof prepare> {
  made ??= prepare()
  return made
}

function prepare() {
  const { groups } = v.parse(shape, namesJson)
  const turns = groups.flatMap(({ share }, group) => Array.from({ length: share }, (_, before) => ({ group, before })))
  return {
    groups: groups.map((group) => ({ ...group, step: coprime(group.first.length * group.last.length) })),
    turns,
    step: coprime(turns.length),
  }
}

/** A step near the golden section that visits every one of `size` places before it returns. */
function coprime(size: number): number {
  let step = Math.max(1, Math.round(size * 0.618))
  while (divisor(step, size) !== 1) step += 1
  return step
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b)
}

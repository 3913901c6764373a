import type { Plan, Planned } from '../notice-routes.ts'

/** What a reader is told beforehand: the next thing that happens by itself, and when those above will hear, where that is another. */
export function planLines({ planned }: Pick<Plan, 'planned'>, now: number): Planned[] {
  const coming = planned.filter(({ at }) => at > now).sort((a, b) => a.at - b.at)
  const above = coming.find(({ kind }) => kind.startsWith('escalation'))
  const next = coming[0]
  if (!next) return []
  return above && above !== next ? [next, above] : [next]
}

import type { Names } from '../features/directory/model.ts'

/** Somebody a visitor may become. `code` is the persona's, not a joining code. */
export type Offered = { code: string; name: Names; post: Names; why: Names }

/** What the authority process tells the server that started it. Joining codes pass only when a visitor asks for one. */
export type FromAuthority =
  | { say: 'progress'; step: string; done: number; total: number }
  /** The country stands and everybody offered can join; `codes` are in the order of `people`. */
  | { say: 'ready'; people: Offered[]; codes: string[] }
  | { say: 'code'; ask: number; code: string }
  | { say: 'refused'; ask: number; code: string; message: string }

export type ToAuthority = { ask: number; become: string }

/** The door of directives for everybody who acts or reads: kinds, rules and what they fold into. Without a database. */
export { type Act, type Afar, type Change, DirectiveBook, type DraftHead, type Head, type Thread } from './book.ts'
export * from './changes.ts'
export * from './covering.ts'
export * from './drafts.ts'
export * from './duty.ts'
export * from './entries.ts'
export { directiveKinds } from './kinds.ts'
export type { DirectiveKind, DirectiveState } from './requiring.ts'
export {
  type Audience,
  askOf,
  audience,
  type Cover,
  canAnswer,
  coverOf,
  directiveReaders,
  isBelow,
  isFinal,
  linesFor,
  linesNaming,
  means,
  requireAnswerable,
  requireCover,
  requireReadable,
  threadReaders,
} from './rules.ts'

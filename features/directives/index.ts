/** The door of directives for everybody who acts or reads: kinds, rules and what they fold into. Without a database. */
export { type Act, DirectiveBook, type Head, type Thread } from './book.ts'
export * from './entries.ts'
export { type DirectiveKind, type DirectiveState, directiveKinds } from './kinds.ts'
export {
  type Audience,
  askOf,
  audience,
  type Cover,
  canAnswer,
  coverOf,
  directiveReaders,
  isFinal,
  linesFor,
  means,
  requireAnswerable,
  requireCover,
  requireReadable,
  threadReaders,
} from './rules.ts'

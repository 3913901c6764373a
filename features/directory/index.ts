/** The door of the directory: who is who, who holds what, and what to seal to. Nothing here touches a database. */
export { cover, isStale, type Reading } from './cover.ts'
export { Directory, type Pending } from './directory.ts'
export { JournaledIndex, JournaledMap } from './journal.ts'
export { entitled } from './kinds/rings.ts'
export { type DirectoryKind, type DirectoryState, directoryKinds, readGrants, ringBody } from './kinds.ts'
export * from './model.ts'

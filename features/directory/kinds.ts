import { appoint, end } from './kinds/charges.ts'
import { deviceAdd, deviceRevoke, ticket } from './kinds/devices.ts'
import { office, person, post } from './kinds/parties.ts'
import { grant, ring } from './kinds/rings.ts'
import { delegate, root } from './kinds/service.ts'
import { approve, type DirectoryKind } from './kinds/two-hands.ts'

/** Every kind of item that makes the directory. */
export const directoryKinds: DirectoryKind<never>[] = [
  root,
  delegate,
  approve,
  office,
  post,
  person,
  appoint,
  end,
  ticket,
  deviceAdd,
  deviceRevoke,
  ring,
  grant,
] as DirectoryKind<never>[]

export { readGrants, ringBody } from './kinds/rings.ts'
export type { DirectoryKind, DirectoryState } from './kinds/two-hands.ts'

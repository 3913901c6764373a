import { fromBase64url, toBase64url } from '../../core/bytes.ts'
import { partyOfChain } from '../../core/chain.ts'
import type { Read } from '../../server/db.ts'
import type { Effects, Feature, People, Placed } from '../../server/feature.ts'
import { replay } from '../../server/replay.ts'
import type { Directory } from './directory.ts'
import { type DirectoryState, directoryKinds } from './kinds.ts'
import type { Id } from './model.ts'
import { namesOf } from './names.ts'

/**
 * The directory on the server: wholly in memory, folded again from the log at every start. It has no tables of its own, so
 * it cannot differ from the log.
 */
export function directoryFeature(directory: Directory): Feature<DirectoryState> {
  const state = { directory }
  let names: { size: number; json: unknown } | undefined
  return {
    name: 'directory',
    kinds: directoryKinds,
    restore: (db: Read) => replay(db, directoryKinds, state),
    async project(_tx, placed, effects) {
      for (const one of placed) announce(directory, one, effects)
    },
    routes: [
      {
        method: 'GET',
        path: '/api/names',
        who: 'person',
        perMinute: 30,
        answer({ query }) {
          // Whoever has this list already is spared it: it is the biggest thing a phone ever fetches.
          if (query.size === String(directory.size)) return { json: { size: directory.size } }
          if (names?.size !== directory.size) {
            names = { size: directory.size, json: { size: directory.size, posts: namesOf(directory) } }
          }
          return { json: names.json, etag: `"names-${directory.size}"` }
        },
      },
      {
        // A supervisor wraps again for the posts below his, and need not fetch the whole list of names to find them.
        method: 'GET',
        path: '/api/posts/:id/below',
        who: 'person',
        answer: ({ params }) => ({ json: { posts: below(directory, params.id ?? '') } }),
      },
      {
        method: 'GET',
        path: '/api/record-room',
        who: 'person',
        answer: () => ({ json: { post: directory.recordRoom()?.id ?? null } }),
      },
    ],
  }
}

/** The posts directly below one; below the record room, which reads for those nobody is above, also the topmost. */
function below(directory: Directory, post: Id): Id[] {
  const room = directory.recordRoom()?.id === post
  return [...directory.posts()]
    .filter(
      ({ id, supervisor, abolished }) =>
        !abolished && id !== post && (supervisor === post || (room && supervisor === null)),
    )
    .map(({ id }) => id)
}

/** What the road asks of the directory, as it stands. */
export function peopleOf(directory: Directory): People {
  return {
    personOfDevice: (device) => (directory.isLive(device) ? directory.device(device)?.person : undefined),
    devicesOf: (person) => directory.person(person)?.devices ?? [],
    postsOf: (person) => directory.postsOf(person).map(({ post }) => post),
    holdersOf: (post) => directory.post(post)?.holders.map(({ person }) => person) ?? [],
    closure: (parties) => directory.closure(parties),
  }
}

/** Whom an entry concerns now: his devices hear of it, and devices it closed are signed out. */
function announce(directory: Directory, { kind, entry, header, place }: Placed, effects: Effects): void {
  const about = partyOf(kind.name, entry)
  if (about) effects.wake([about, ...readersOf(directory, about)].map(fromBase64url))
  const closes = kind.name === 'device-revoke' || (kind.name === 'device-add' && header.signer.type === 'ticket')
  if (closes && about) effects.revoke(closedAt(directory, about, place.index).map(fromBase64url))
}

/** The party in whose chain the entry stands. */
function partyOf(kind: string, entry: { party?: Id; post?: Id; person?: Id; id?: Id; chain?: Id }): Id | undefined {
  if (kind === 'approve' && entry.chain) {
    const party = partyOfChain(fromBase64url(entry.chain))
    return party ? toBase64url(party) : undefined
  }
  if (kind === 'appoint' || kind === 'end') return entry.post
  return entry.party ?? entry.person ?? (kind === 'delegate' ? entry.post : entry.id)
}

/**
 * Who reads differently when this party changes: of a person, the posts he holds; of a post, its holders and every post above
 * it, since what nobody below can open falls to them and they wrap it again.
 */
function readersOf(directory: Directory, party: Id): Id[] {
  const post = directory.post(party)
  if (!post) return directory.postsOf(party).flatMap((holding) => [holding.post, ...readersOf(directory, holding.post)])
  const readers = new Set(post.holders.map(({ person }) => person))
  for (let above = post.supervisor; above !== null && !readers.has(above); ) {
    readers.add(above)
    above = directory.post(above)?.supervisor ?? null
  }
  return [...readers]
}

function closedAt(directory: Directory, person: Id, index: number): Id[] {
  return (directory.person(person)?.devices ?? []).filter((id) => directory.device(id)?.revoked === index)
}

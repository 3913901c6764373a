import { toHex } from './bytes.ts'
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts'
import { cosignatureTime, cosignatureVerifier } from './cosignature.ts'
import {
  COSIGNATURE,
  ED25519,
  ed25519Verifier,
  formatVerifierKey,
  type NoteKey,
  openNote,
  parseVerifierKey,
  type SignatureType,
} from './note.ts'
import { Refusal } from './refusal.ts'

/**
 * C2SP tlog-policy: whose checkpoints one believes, as a file. `log` and `witness` lines name keys, `group` lines make
 * groups of witnesses, and the one `quorum` line says who must have cosigned; `quorum none` asks for nobody.
 */
export type Policy = { logs: NoteKey[]; witnesses: NoteKey[]; quorum: Quorum }
/** At least `threshold` of these have cosigned. Nobody is asked where the threshold is 0. */
export type Quorum = { threshold: number; of: (NoteKey | Quorum)[] }

/** C2SP recommends 32 of each. */
const MAX_OF_EACH = 64
const MAX_LENGTH = 256 * 1024

/** The policy "this log, and any `k` of these witnesses". */
export function policyOf(log: NoteKey, witnesses: NoteKey[] = [], k = 0): Policy {
  return parsePolicy(formatPolicy(log, witnesses, k))
}

/** The file of the policy "this log, and any `k` of these witnesses". */
export function formatPolicy(log: NoteKey, witnesses: NoteKey[] = [], k = 0): string {
  const lines = [`log ${formatVerifierKey(log)}`]
  for (const [i, key] of witnesses.entries()) lines.push(`witness w${i + 1} ${formatVerifierKey(key)}`)
  if (k > 0) lines.push(`group witnesses ${k} ${witnesses.map((_, i) => `w${i + 1}`).join(' ')}`)
  lines.push(`quorum ${k > 0 ? 'witnesses' : 'none'}`)
  return lines.map((line) => `${line}\n`).join('')
}

/** Reads a policy file. Throws `Refusal('bad_policy')` with the line's number; a trailing newline may be missing. */
export function parsePolicy(text: string): Policy {
  const policy: Policy = { logs: [], witnesses: [], quorum: { threshold: 0, of: [] } }
  const named = new Map<string, NoteKey | Quorum>()
  const members = new Set<string>()
  let quorumSeen = false
  if (text.length > MAX_LENGTH) refuse('too long', 1)
  for (const [i, line] of text.split('\n').entries()) {
    readLine(line, i + 1)
  }
  if (!quorumSeen) refuse('no quorum line', text.split('\n').length)
  return policy

  function readLine(line: string, number: number): void {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
    if (/[\u0000-\u0008\u000b-\u001f\u007f]/.test(line) || !line.isWellFormed()) refuse('a control character', number)
    const words = line.split(/[ \t]+/).filter((word) => word !== '')
    const [keyword, ...rest] = words
    if (keyword === undefined || keyword.startsWith('#')) return
    if (keyword === 'log' && (rest.length === 1 || rest.length === 2)) {
      policy.logs.push(readKey(rest[0]!, ED25519, policy.logs, number))
    } else if (keyword === 'witness' && (rest.length === 2 || rest.length === 3)) {
      const key = readKey(rest[1]!, COSIGNATURE, policy.witnesses, number)
      policy.witnesses.push(key)
      define(rest[0]!, key, number)
    } else if (keyword === 'group' && rest.length >= 3) {
      const [name, rule, ...of] = rest
      define(
        name!,
        { threshold: readThreshold(rule!, of.length, number), of: of.map((n) => member(n, number)) },
        number,
      )
    } else if (keyword === 'quorum' && rest.length === 1) {
      if (quorumSeen) refuse('a second quorum line', number)
      quorumSeen = true
      if (rest[0] !== 'none') policy.quorum = { threshold: 1, of: [find(rest[0]!, number)] }
    } else {
      refuse('not a line of a policy', number)
    }
  }

  function define(name: string, what: NoteKey | Quorum, number: number): void {
    if (name === 'none' || named.has(name)) refuse('a name already taken', number)
    if (named.size >= 2 * MAX_OF_EACH) refuse('too many names', number)
    named.set(name, what)
  }

  function find(name: string, number: number): NoteKey | Quorum {
    return named.get(name) ?? refuse('a name not defined before', number)
  }

  /** Each name is a member once at most: so groups make a tree, and a witness counts in one way only. */
  function member(name: string, number: number): NoteKey | Quorum {
    if (members.has(name)) refuse('a member named twice', number)
    members.add(name)
    return find(name, number)
  }
}

export type WitnessedCheckpoint = Checkpoint & {
  log: NoteKey
  /** Who cosigned, and when they say they did, in seconds since 1970 UTC. */
  cosignatures: { key: NoteKey; time: number }[]
}

/**
 * The checkpoint inside a note, signed by a log of the policy and cosigned as the policy demands. Throws
 * `Refusal('bad_note')`, or `Refusal('not_witnessed')` where only cosignatures are missing.
 */
export async function openUnderPolicy(note: Uint8Array | string, policy: Policy): Promise<WitnessedCheckpoint> {
  const verifiers = [...policy.logs.map(ed25519Verifier), ...policy.witnesses.map(cosignatureVerifier)]
  const { text, verified } = await openNote(note, verifiers)
  const checkpoint = parseCheckpoint(text)
  const log = verified.find(({ key }) => key.type === ED25519 && key.name === checkpoint.origin)?.key
  if (!log) throw new Refusal('bad_note', 'Checkpoint: not signed by the log it names')
  const cosignatures = verified
    .filter(({ key }) => key.type === COSIGNATURE)
    .map(({ key, signature }) => ({ key, time: cosignatureTime(signature)! }))
  const cosigners = new Set(cosignatures.map(({ key }) => key))
  if (!isMet(policy.quorum, cosigners)) throw new Refusal('not_witnessed', 'Checkpoint: too few witnesses cosigned')
  return { ...checkpoint, log, cosignatures }
}

function isMet(quorum: Quorum, cosigners: Set<NoteKey>): boolean {
  const met = quorum.of.filter((one) => ('of' in one ? isMet(one, cosigners) : cosigners.has(one)))
  return met.length >= quorum.threshold
}

/** Two keys are the same where their bytes are, whatever their names. */
function readKey(text: string, type: SignatureType, others: NoteKey[], number: number): NoteKey {
  const key = tryKey(text, number)
  if (key.type !== type) refuse('a key of the wrong type', number)
  if (others.some((other) => toHex(other.publicKey) === toHex(key.publicKey))) refuse('a key listed twice', number)
  if (others.length >= MAX_OF_EACH) refuse('too many keys', number)
  return key
}

function tryKey(text: string, number: number): NoteKey {
  try {
    return parseVerifierKey(text)
  } catch (cause) {
    throw Object.assign(refusal((cause as Error).message, number), { cause })
  }
}

function readThreshold(rule: string, members: number, number: number): number {
  if (rule === 'any') return 1
  if (rule === 'all') return members
  if (!/^[1-9]\d{0,2}$/.test(rule) || Number(rule) > members) refuse('not a threshold', number)
  return Number(rule)
}

function refuse(reason: string, line: number): never {
  throw refusal(reason, line)
}

function refusal(reason: string, line: number): Refusal {
  return new Refusal('bad_policy', `Policy, line ${line}: ${reason}`, { line })
}

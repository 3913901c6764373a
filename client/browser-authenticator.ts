import { type Bytes, randomBytes, toBase64url } from '../core/bytes.ts'
import { Refusal } from '../core/refusal.ts'
import type { Authenticator } from './authenticator.ts'

/** Bit 2 of the flags behind the 32 bytes of the RP id's hash: the authenticator verified its user. */
const FLAGS = 32
const USER_VERIFIED = 0x04

/**
 * WebAuthn's platform authenticator. Nothing is sent to any server: the credential belongs to this browser's store, its secret
 * (the PRF extension) opens the local key, and the assertion of one without PRF is a gate and no key.
 */
export function browserAuthenticator(host: string = location.hostname): Authenticator {
  return {
    async available() {
      try {
        return await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable()
      } catch {
        // No WebAuthn in this browser, or not at this address: the PIN does without it.
        return false
      }
    },

    async make(name, salt) {
      const challenge = randomBytes(32)
      const made = (await refusing(
        navigator.credentials.create({
          publicKey: {
            rp: { id: host, name: 'Smarak' },
            user: { id: randomBytes(16), name, displayName: name },
            challenge,
            pubKeyCredParams: [-8, -7, -257].map((alg) => ({ type: 'public-key', alg })),
            authenticatorSelection: {
              authenticatorAttachment: 'platform',
              userVerification: 'required',
              residentKey: 'discouraged',
            },
            extensions: { prf: { eval: { first: salt } } },
          },
        }),
      )) as PublicKeyCredential
      const id = new Uint8Array(made.rawId)
      const { prf } = made.getClientExtensionResults()
      // Many give the secret only when asked, and say here that they can.
      const secret = bytesOf(prf?.results?.first) ?? (prf?.enabled ? await ask(id, salt) : null)
      return { id, secret }
    },

    ask,
  }

  async function ask(id: Bytes, salt: Bytes): Promise<Bytes | null> {
    const challenge = randomBytes(32)
    const given = (await refusing(
      navigator.credentials.get({
        publicKey: {
          rpId: host,
          challenge,
          allowCredentials: [{ type: 'public-key', id, transports: ['internal'] }],
          userVerification: 'required',
          extensions: { prf: { eval: { first: salt } } },
        },
      }),
    )) as PublicKeyCredential
    const { authenticatorData, clientDataJSON } = given.response as AuthenticatorAssertionResponse
    const flags = new Uint8Array(authenticatorData)[FLAGS] ?? 0
    const said = JSON.parse(new TextDecoder().decode(clientDataJSON)) as { challenge?: string }
    if (!(flags & USER_VERIFIED) || said.challenge !== toBase64url(challenge)) {
      throw new Refusal('authenticator_failed', 'The authenticator did not verify its user')
    }
    return bytesOf(given.getClientExtensionResults().prf?.results?.first)
  }
}

function bytesOf(source: BufferSource | undefined): Bytes | null {
  if (!source) return null
  const { buffer, byteOffset, byteLength } = ArrayBuffer.isView(source) ? source : new Uint8Array(source)
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength).slice()
}

/** Turned away, timed out, gone, not allowed at this address: a person can do the same about each of them. */
async function refusing(asked: Promise<Credential | null>): Promise<Credential> {
  try {
    const credential = await asked
    if (credential) return credential
  } catch (cause) {
    throw Object.assign(new Refusal('authenticator_failed', 'The authenticator gave nothing'), { cause })
  }
  throw new Refusal('authenticator_failed', 'The authenticator gave nothing')
}

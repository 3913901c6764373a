import { type IDBPDatabase, openDB } from 'idb'
import { generateSigningKey } from '../core/cose.ts'
import { generateKemKey } from '../core/kem.ts'
import { Refusal } from '../core/refusal.ts'
import { type Change, type Store, TABLES, type Table } from './store.ts'

/** One more whenever `TABLES` grows. */
const VERSION = 3

/**
 * The store in IndexedDB, where CryptoKeys lie without being extractable.
 *
 * Throws `Refusal('no_key_storage')` where a browser keeps nothing (a private window, site data blocked) or cannot give a
 * key back: a key that is lost at the next start would take the person's letters with it. And `Refusal('old_browser')` where
 * it cannot make the keys of a device, before any code is used up.
 */
export async function openBrowserStore(name = 'smarak'): Promise<Store> {
  let db: IDBPDatabase
  try {
    db = await openDB(name, VERSION, {
      upgrade(fresh) {
        for (const table of TABLES) if (!fresh.objectStoreNames.contains(table)) fresh.createObjectStore(table)
      },
      // An old tab lets a newer version in, and is told at its next write that it must be opened afresh.
      blocking: (_from, _to, event) => (event.target as IDBDatabase).close(),
    })
    await probe(db)
  } catch (cause) {
    throw noKeys(cause)
  }
  if (!(await db.get('key', 'device'))) await tryKeys()
  return new BrowserStore(db)
}

/** Writes a key and reads it back: Firefox's private windows open the database and then refuse keys. */
async function probe(db: IDBPDatabase): Promise<void> {
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt'])
  await db.put('key', key, 'probe')
  const back = await db.get('key', 'probe')
  await db.delete('key', 'probe')
  if (!(back instanceof CryptoKey)) throw new TypeError('the key came back as something else')
}

/** Ed25519 and ML-KEM came late to browsers; who lacks them says that the algorithm is not supported, or not known. */
async function tryKeys(): Promise<void> {
  try {
    await Promise.all([generateSigningKey(), generateKemKey()])
  } catch (cause) {
    throw Object.assign(new Refusal('old_browser', 'This browser cannot make the keys'), { cause })
  }
}

class BrowserStore implements Store {
  readonly keepsKeys = true
  readonly #db: IDBPDatabase

  constructor(db: IDBPDatabase) {
    this.#db = db
  }

  async get<T>(table: Table, key: string): Promise<T | undefined> {
    return this.#db.get(table, key)
  }

  async list<T>(table: Table): Promise<[string, T][]> {
    const transaction = this.#db.transaction(table)
    const [keys, values] = await Promise.all([transaction.store.getAllKeys(), transaction.store.getAll()])
    return keys.map((key, i) => [String(key), values[i] as T])
  }

  async write(changes: Change[]): Promise<void> {
    if (changes.length === 0) return
    const tables = [...new Set(changes.map((change) => change.table))]
    try {
      const transaction = this.#db.transaction(tables, 'readwrite', { durability: 'strict' })
      const work = changes.map(({ table, key, value }) =>
        value === undefined
          ? transaction.objectStore(table).delete(key)
          : transaction.objectStore(table).put(value, key),
      )
      await Promise.all([...work, transaction.done])
    } catch (cause) {
      if (cause instanceof DOMException && cause.name === 'QuotaExceededError') {
        throw Object.assign(new Refusal('device_full', 'No room in the browser store'), { cause })
      }
      throw cause
    }
  }

  async close(): Promise<void> {
    this.#db.close()
  }
}

function noKeys(cause: unknown): Refusal {
  return Object.assign(new Refusal('no_key_storage', 'This browser keeps no keys'), { cause })
}

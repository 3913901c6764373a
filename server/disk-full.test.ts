import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { writeEnvelope } from '../core/item.ts'
import { logKeyOf, post, Registrar } from '../test/helpers/registrar.ts'
import { postgresPid, type Served, serve } from '../test/helpers/serve.ts'

const MEGABYTE = 1024 * 1024

let disk: string
let whyNot: string | false = false
let server: Served | undefined

before(async () => {
  disk = await mkdtemp(join(tmpdir(), 'smk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=320m,mode=755', 'tmpfs', disk], { stdio: 'ignore' })
  } catch {
    whyNot = 'a small disk can be mounted by root only'
  }
})
after(async () => {
  await server?.stop()
  if (!whyNot) execFileSync('umount', [disk])
  await rm(disk, { recursive: true })
})

test('a nearly full disk refuses before PostgreSQL runs out of it, and takes again what was refused', async (t) => {
  if (whyNot) return t.skip(whyNot)
  const data = join(disk, 'data')
  const served = await serve(data)
  server = served
  const registrar = await Registrar.open()
  const send = async (...envelopes: Awaited<ReturnType<Registrar['person']>>[]) =>
    (await post(served.url, envelopes.map(writeEnvelope))).map((answer) => ('code' in answer ? answer.code : 'taken'))
  assert.deepEqual(await send(await registrar.root(await logKeyOf(served.url))), ['taken'])

  const postgres = await postgresPid(data)
  const before = await registrar.person()
  await fill(60)
  assert.deepEqual(await send(before, await registrar.person()), ['disk_full', 'disk_full'])
  assert.equal((await fetch(`${served.url}/checkpoint`)).status, 200, 'what is there can still be read')

  await rm(join(disk, 'filler'))
  await pause(1_100)
  assert.deepEqual(await send(before), ['taken'])
  assert.equal(await postgresPid(data), postgres, 'PostgreSQL never stopped')
})

/** Leaves this many megabytes. */
async function fill(left: number): Promise<void> {
  const { bavail, bsize } = await statfs(disk)
  await writeFile(join(disk, 'filler'), Buffer.alloc(bavail * bsize - left * MEGABYTE))
  await pause(1_100)
}

/** The server looks at its disk once a second. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

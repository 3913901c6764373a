import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { testDatabase } from '../test/helpers/database.ts'
import { EXIT } from './command.ts'

const SMARAK = join(import.meta.dirname, '..', 'smarak')
const dir = mkdtempSync(join(tmpdir(), 'smarak-serve-'))
let database: string
let other: Server

before(async () => {
  ;({ url: database } = await testDatabase())
  other = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => other.once('listening', resolve))
})
after(() => {
  other.close()
  rmSync(dir, { recursive: true })
})

/** The real server, in English, until it ends by itself. */
function serve(...words: string[]): {
  process: ChildProcess
  ended: Promise<{ code: number | null; out: string; err: string }>
} {
  const child = spawn(SMARAK, ['serve', '--lang', 'en', '--database-url', database, '--log-level', 'fatal', ...words])
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  return { process: child, ended: new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err }))) }
}

test('a server that cannot start says why and what to do, and ends', async () => {
  writeFileSync(join(dir, 'file'), '')
  writeFileSync(join(dir, 'bad.pem'), 'no certificate')
  const { port } = other.address() as { port: number }
  const missing = ['--tls-cert', join(dir, 'none'), '--tls-key', join(dir, 'none')]
  const bad = ['--tls-cert', join(dir, 'bad.pem'), '--tls-key', join(dir, 'bad.pem')]
  const cases: [string[], RegExp, number][] = [
    [['--data', join(dir, 'a'), '--port', String(port)], /uses this port.*EADDRINUSE/, EXIT.refused],
    [['--data', join(dir, 'file', 'inside')], /cannot be written/, EXIT.refused],
    [['--data', join(dir, 'a'), '--port', '0', ...missing], /certificate.*ENOENT/, EXIT.refused],
    [['--data', join(dir, 'a'), '--port', '0', ...bad], /certificate/, EXIT.refused],
    [['--port', 'x', '--loud'], /--loud is not[\s\S]*--port cannot be “x”/, EXIT.usage],
  ]
  for (const [words, wanted, exit] of cases) {
    const { code, out, err } = await serve(...words).ended
    assert.match(err, wanted)
    assert.deepEqual([code, out], [exit, ''], words.join(' '))
  }
})

test('two servers cannot have one data directory, and the first ends cleanly', async () => {
  const first = serve('--data', join(dir, 'b'), '--port', '0', '--json')
  const ready = await new Promise<string>((resolve) =>
    first.process.stdout!.once('data', (chunk) => resolve(String(chunk))),
  )
  assert.deepEqual(Object.keys(JSON.parse(ready)), ['ready', 'url', 'people'])
  const second = await serve('--data', join(dir, 'b'), '--port', '0', '--json').ended
  assert.equal(second.code, EXIT.refused)
  assert.equal(JSON.parse(second.out).error.code, 'data_dir_in_use')
  first.process.kill('SIGTERM')
  assert.equal((await first.ended).code, EXIT.ok)
})

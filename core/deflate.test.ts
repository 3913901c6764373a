import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { cpuClock } from '../test/helpers/crowd.ts'
import type { Bytes } from './bytes.ts'
import { deflate, inflate } from './deflate.ts'
import { Refusal } from './refusal.ts'

const LIMIT = 8 * 1024 * 1024

test('what is deflated inflates to the same bytes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), async (bytes) => {
      assert.deepEqual(await inflate(await deflate(bytes as Bytes), 3000), bytes)
    }),
    { numRuns: 50 },
  )
})

test('an order of the ministry, 7.2 KB of Bangla, deflates to 2 KB', async () => {
  const order = new Uint8Array(readFileSync(new URL('../test/fixtures/mopa-2024-10-22.txt', import.meta.url)))
  assert.ok(order.length > 7000)
  const small = await deflate(order)
  assert.ok(small.length < 2048, `${small.length} bytes`)
})

test('exactly the limit may come out, and not a byte more', async () => {
  const small = await deflate(new Uint8Array(100_000))
  assert.equal((await inflate(small, 100_000)).length, 100_000)
  await assert.rejects(inflate(small, 99_999), { code: 'too_large' })
})

test('a bomb of a gigabyte is stopped at the limit, in time and in memory', async () => {
  const kilo = deflateRawSync(new Uint8Array(1024 * 1024), { finishFlush: 2 })
  const bomb = new Uint8Array(Buffer.concat(Array.from({ length: 1024 }, () => kilo)))
  const before = process.memoryUsage().rss
  const used = cpuClock()
  await assert.rejects(inflate(bomb, LIMIT), { code: 'too_large' })
  assert.ok(used() < 2000, `${used()} ms`)
  assert.ok(process.memoryUsage().rss - before < 200 * 1024 * 1024)
})

test('bytes cut short, or with something after the end, are refused', async () => {
  const small = await deflate(new TextEncoder().encode('যথাযথ কর্তৃপক্ষের আদেশক্রমে'))
  await assert.rejects(inflate(small.slice(0, -1), LIMIT), { code: 'bad_bytes' })
  await assert.rejects(inflate(new Uint8Array([...small, 0]), LIMIT), { code: 'bad_bytes' })
  await assert.rejects(inflate(new Uint8Array(0), LIMIT), { code: 'bad_bytes' })
})

test('any bytes inflate or are refused, and nothing is thrown later', async () => {
  const late: unknown[] = []
  const catchLate = (error: unknown) => late.push(error)
  process.on('unhandledRejection', catchLate)
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
      try {
        await inflate(bytes as Bytes, 1000)
      } catch (error) {
        assert.ok(error instanceof Refusal, String(error))
      }
    }),
    { numRuns: 300 },
  )
  await new Promise((resolve) => setTimeout(resolve, 50))
  process.off('unhandledRejection', catchLate)
  assert.deepEqual(late, [])
})

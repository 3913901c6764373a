import assert from 'node:assert/strict'
import { test } from 'node:test'
import { letter, official, settledWorld } from '../client/testing/officials.ts'
import type { Io } from './command.ts'
import { detailText } from './detail-text.ts'

test('a letter is shown as it was amended, with what stood there before; one that passes it on shows it too', async () => {
  const world = await settledWorld()
  const io = { lang: 'en', now: () => world.log.now } as Io
  const [ds, dc] = [await official(world, 'secretary'), await official(world, 'commissioner')]
  const uno = await official(world, 'first')
  const [top, below] = [world.id('post', 'dc'), world.id('post', 'uno1')]
  const { id } = await ds.issue(letter(world, { lines: [{ n: 1, purpose: 0, selectors: [[2, top]] }] }), () => {})
  await dc.sync()
  const passing = {
    ...letter(world, { post: top, parent: id, lines: [{ n: 1, purpose: 0, selectors: [[2, below]] }] }),
    parts: [{ label: 'paragraph:', value: 'তিন দিনে দিন' }],
  }
  const passed = await dc.issue(passing, () => {})
  await ds.following.amend(id, 'নাম বদল', [{ label: 'clause:ক', value: 'সতর্ক থাকতে হবে' }])
  await ds.sync()
  const shown = async (client: typeof ds, which: string, post: string) => {
    await client.sync()
    return detailText(await client.open(which, post), client, io)
  }

  const amended = await shown(dc, id, top)
  assert.match(amended, /Amended · .* · নাম বদল/)
  assert.match(amended, /ক\) সতর্ক থাকতে হবে[\s\S]*যত্নবান হতে হবে/)
  assert.doesNotMatch(amended, /ক\) যত্নবান/)
  assert.doesNotMatch(amended, /not found|Distribution/, 'what it does not have is not looked for in it')

  const enclosing = await shown(uno, passed.id, below)
  assert.match(enclosing, /তিন দিনে দিন[\s\S]*Signature checked[\s\S]*ক\) যত্নবান হতে হবে/)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { personalDraft, shortDraft } from './directing.ts'
import { paperOf } from './paper.ts'

const signatory = { name: 'মো. করিম', post: 'উপজেলা নির্বাহী অফিসার, পীরগাছা, রংপুর', office: 'উপজেলা প্রশাসন' }
const writing = { below: new Set(['clerk']), titleOf: (id: string) => id, date: '2026-11-22', signatory }

/** Parts as a device opens them: what the list shows, then the text. */
function opened(brief: string, to = 'clerk') {
  const { summary, parts } = shortDraft('short', { post: 'uno', brief, to: [to], due: null, urgency: 0 }, writing)
  return [...Object.entries(summary).map(([label, value]) => ({ label, value })), ...parts]
}

const typesOf = (parts: Parameters<typeof paperOf>[0]) => paperOf(parts).map(({ type }) => type)

test('a word of one sentence stands on its paper once, signed by who issued it', () => {
  const parts = opened('আজ বিকালে ফোন দিন।')
  assert.deepEqual(typesOf(parts), ['number', 'paragraph', 'signature'])
  assert.deepEqual(paperOf(parts).at(-1), {
    type: 'signature',
    lines: ['মো. করিম', 'উপজেলা নির্বাহী অফিসার, পীরগাছা, রংপুর'],
    contacts: [],
  })
})

test('a longer word keeps its first sentence as the subject', () => {
  assert.deepEqual(typesOf(opened('ফোন দিন। সন্ধ্যায় আসুন।')), ['number', 'subject', 'paragraph', 'signature'])
})

test('a subject that was amended is no longer what the text says, and is shown', () => {
  const parts = opened('ফোন দিন।').map((part) => (part.label === 'subject' ? { ...part, value: 'যোগাযোগ' } : part))
  assert.ok(typesOf(parts).includes('subject'))
})

test('who signed a letter himself is not joined by its issuer', () => {
  for (const parts of [
    opened('ফোন দিন।', 'stranger'),
    personalDraft(
      {
        post: 'uno',
        subject: 'শুভেচ্ছা',
        text: 'নববর্ষের শুভেচ্ছা।',
        persons: [],
        reply: 'nothing',
        due: null,
        grade: 0,
        urgency: 0,
      },
      writing,
    ).parts.concat({ label: 'issuer', value: 'অন্য কেউ, উপসচিব' }),
  ]) {
    const signatures = paperOf(parts).flatMap((block) => (block.type === 'signature' ? [block.lines[0]] : []))
    assert.deepEqual(signatures, ['মো. করিম'])
  }
})

test('by whose order it is does not stand where one signs', () => {
  const text = 'রাষ্ট্রপতির আদেশক্রমে এ নির্দেশ জারি করা হলো।'
  const types = typesOf([
    { label: 'issuer', value: 'রাষ্ট্রপতির আদেশক্রমে' },
    { label: 'paragraph:', value: text },
  ])
  assert.deepEqual(types, ['paragraph'])
})

test('a letter that names nobody is signed by nobody', () => {
  assert.deepEqual(typesOf([{ label: 'paragraph:', value: 'ফোন দিন।' }]), ['paragraph'])
  assert.deepEqual(
    typesOf([
      { label: 'paragraph:', value: 'ফোন দিন।' },
      { label: 'issuer', value: '' },
    ]),
    ['paragraph'],
  )
})

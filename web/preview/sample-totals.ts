import type { Answer, Part } from '../../client/views.ts'
import type { Reach, Reachable } from '../../features/directives/reach.ts'
import { country } from '../../features/directory/country/country.ts'
import { knownPosts } from '../../features/directory/country/known-posts.ts'
import { type Field, fieldsToCbor } from '../../letters/fields.ts'

const plan = country()
const posts = new Map(knownPosts(plan).map((post) => [post.id, post]))
const HOUR = 3_600_000

const field = (key: string, type: Field['type'], name: string, unit = '', choices: string[] = []): Field => ({
  key,
  clause: 'গ',
  type,
  name,
  unit,
  required: true,
  choices,
})

/** What the issuer's letter asks for. */
export const sampleAsked: Part = {
  label: 'fields',
  value: fieldsToCbor([
    field('f1', 'number', 'আশ্রয়কেন্দ্রে আশ্রিত মানুষ', 'জন'),
    field('f2', 'number', 'বিতরণ করা চাল', 'মেট্রিক টন'),
    field('f3', 'choice', 'কমিটি হয়েছে', '', ['হ্যাঁ', 'না']),
    field('f4', 'photo', 'কেন্দ্রের ছবি'),
  ]),
}

/** One post's answer, the same on every call. */
export function sampleValues(id: string, now: number): Answer[] {
  const post = posts.get(id)
  const luck = [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973, 7) % 100
  const name = {
    id,
    title: post?.title ?? { bn: id, en: id },
    office: post?.officeName ?? { bn: '', en: '' },
    vacant: false,
    joined: true,
  }
  return [
    {
      by: name,
      person: { bn: 'মো. আব্দুল করিম', en: 'Md. Abdul Karim' },
      clauses: ['গ'],
      state: 'done',
      until: null,
      note: 'সব কেন্দ্র পরিদর্শন করা হয়েছে।',
      values: { f1: String(luck * 13), f2: `${luck}.5`, f3: luck % 3 ? 'হ্যাঁ' : 'না', f4: '1' },
      files: [
        {
          name: 'কেন্দ্র-১.jpg',
          type: 'image/jpeg',
          size: 184_320,
          key: `k${id}`,
          chunks: [`c${id}`],
          taken: now - HOUR,
          place: [25.66, 89.39],
        },
      ],
      accepted: now - 2 * HOUR,
      clientTime: now - 2 * HOUR,
    },
  ]
}

/** Posts below a deputy commissioner at which something waits. */
export function sampleReach(now: number): Reach {
  const unos = [...posts.values()].filter(({ id }) => id.startsWith('uno-5585'))
  const ways: Reachable['ways'][] = [
    [{ channel: 'push', gone: null }],
    [
      { channel: 'push', gone: null },
      { channel: 'sms', gone: now - 9 * 24 * HOUR },
    ],
    [],
    [
      { channel: 'sms', gone: null },
      { channel: 'mail', gone: null },
    ],
  ]
  const direct = unos.slice(0, 8).map((post, i) => ({
    post: post.id,
    name: post.title,
    office: post.officeName,
    vacant: i === 2,
    ways: ways[i % 4]!,
  }))
  const dark = direct.slice(0, 4).map((post, i) => ({
    ...post,
    place: { division: '55', district: i === 3 ? '5527' : '5585' },
    since: now - [26, 75, 50, 240][i]! * HOUR,
    waiting: i + 1,
    absence:
      i === 1 ? { reason: 'flood' as const, from: now - 60 * HOUR, to: now + 72 * HOUR, cover: 'uno-558573' } : null,
  }))
  return { below: direct.length, posts: dark, direct }
}

import { Refusal } from '../core/refusal.ts'
import type { Import, ImportPerson } from '../features/directory/country/import-shape.ts'
import { RECORD_ROOM } from '../features/directory/index.ts'
import { type Args, type Option, Usage } from './command.ts'

/** The posts that must work before the rest of a service can: who takes over from the root keys, and who reads last. */
export type Staff = { post: string; person: ImportPerson }[]

export const staffOptions: Record<string, Option> = {
  maker: { value: 'POST', says: 'cli.options.maker' },
  checker: { value: 'POST', says: 'cli.options.checker' },
}

const roles = { maker: 'hr-maker', checker: 'hr-checker', 'record-room': RECORD_ROOM } as const

/**
 * The posts of personnel maker, checker and record room in a plan, as the options name them or else by their roles, and who
 * holds them. Throws `Refusal`: `no_staff_post`, `vacant_staff_post`, `one_hand` where one person would be both hands.
 */
export function staffOf(plan: Import, args: Args): Staff {
  const staff = (Object.keys(roles) as (keyof typeof roles)[]).map((option) => {
    const role = roles[option]
    const code = option === 'record-room' ? undefined : args.text(option)
    const post = plan.posts.find((one) => (code === undefined ? one.role === role : one.code === code))
    if (!post && code !== undefined) throw new Usage('bad_value', { option: `--${option}`, value: code })
    if (!post) throw new Refusal('no_staff_post', `No post of role ${role}`, { role, option: `--${option}` })
    const person = plan.people.find(({ posts }) => posts.some((holding) => holding.post === post.code))
    if (!person) throw new Refusal('vacant_staff_post', `Nobody holds ${post.code}`, { post: post.code })
    return { post: post.code, person }
  })
  if (staff[0]!.person === staff[1]!.person) throw new Refusal('one_hand', 'Maker and checker are one person')
  return staff
}

import { type DirectoryDraft, officeChange, personChange, postChange } from '../features/directory/drafts.ts'
import type { Names } from '../features/directory/index.ts'
import { say } from '../language/words.ts'
import { type Args, type Command, EXIT, Usage } from './command.ts'
import { byHands, handOptions, openHands, registrarOf } from './hands.ts'
import type { Service } from './service.ts'

const KINDS = ['office', 'post', 'person'] as const

/**
 * `change --office|--post|--person CODE`: what is registered gets another name, and an office or a post is abolished or restored. What
 * is not named stays. One that changes nothing says so, so that it may be run again.
 */
export const change: Command = {
  options: {
    ...handOptions,
    office: { value: 'CODE', says: 'cliRunning.options.changedOffice' },
    post: { value: 'CODE', says: 'cliRunning.options.changedPost' },
    person: { value: 'CODE', says: 'cliRunning.options.changedPerson' },
    bn: { value: 'NAME', says: 'cliRunning.options.nameBn' },
    en: { value: 'NAME', says: 'cliRunning.options.nameEn' },
    also: { value: 'NAME', says: 'cliRunning.options.also', many: true },
    abolish: { says: 'cliRunning.options.abolish' },
    restore: { says: 'cliRunning.options.restore' },
  },
  json: true,
  async run(args, io) {
    const wish = wishIn(args)
    const hands = await openHands(args, { maker: 'register', checker: 'check' }, false)
    try {
      const draft = await draftOf(hands.service, wish, io.now())
      if (draft) await byHands(hands, () => registrarOf(hands, hands.service.key).change(draft))
      const { kind, code } = wish
      const done = draft ? 'done' : 'same'
      io.out(
        io.json
          ? JSON.stringify({ kind, code, changed: draft !== null })
          : say(io.lang, `cliRunning.change.${done}`, { code }),
      )
      return EXIT.ok
    } finally {
      await hands.close()
    }
  },
}

type Wish = {
  kind: (typeof KINDS)[number]
  code: string
  name: Partial<Names>
  also: readonly string[]
  /** Undefined where it stays as it is. */
  abolished: boolean | undefined
}

function wishIn(args: Args): Wish {
  const [kind, another] = KINDS.filter((one) => args.text(one) !== undefined)
  if (!kind) throw new Usage('missing_option', { option: '--office / --post / --person' })
  const isUnfit = (option: string) =>
    option === another || (option === 'restore' && args.flag('abolish')) || kind === 'person'
  const more = ['also', 'abolish', 'restore'].filter((option) => args.flag(option))
  const unfit = [...more, ...(another ? [another] : [])].find(isUnfit)
  if (unfit) throw new Usage('unknown_option', { option: `--${unfit}` })
  const [bn, en] = [nameIn(args, 'bn'), nameIn(args, 'en')]
  if (bn === undefined && en === undefined && more.length === 0)
    throw new Usage('missing_option', { option: '--bn / --en / --also / --abolish' })
  return {
    kind,
    code: args.needed(kind),
    name: { ...(bn !== undefined && { bn }), ...(en !== undefined && { en }) },
    also: args.all('also').map((name) => spoken('also', name)),
    abolished: args.flag('abolish') ? true : args.flag('restore') ? false : undefined,
  }
}

function nameIn(args: Args, option: string): string | undefined {
  const name = args.text(option)
  return name === undefined ? undefined : spoken(option, name)
}

function spoken(option: string, name: string): string {
  const trimmed = name.normalize('NFC').trim()
  if (trimmed === '') throw new Usage('bad_value', { option: `--${option}`, value: name })
  return trimmed
}

/** What is to be sent; null where everything is already so. Throws `Refusal('no_such_code')`. */
async function draftOf(service: Service, wish: Wish, time: number): Promise<DirectoryDraft | null> {
  const { kind, code } = wish
  if (kind === 'person') {
    const person = await service.person(code)
    const changed = { ...person, name: { ...person.name, ...wish.name } }
    return isSame(person, changed) ? null : personChange(time, changed)
  }
  const standing = kind === 'office' ? await service.office(code) : await service.post(code)
  const changed = {
    name: { ...standing.name, ...wish.name },
    alt: [...new Set([...standing.alt, ...wish.also])],
    abolished: wish.abolished ?? standing.abolished,
  }
  if (isSame(standing, { ...standing, ...changed })) return null
  return 'role' in standing
    ? postChange(time, { ...standing, ...changed })
    : officeChange(time, { ...standing, ...changed })
}

function isSame(before: object, after: object): boolean {
  return JSON.stringify(before) === JSON.stringify(after)
}

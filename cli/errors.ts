import { Refusal } from '../core/refusal.ts'
import type { Lang } from '../language/digits.ts'
import { sayIfKnown, sayRefusal } from '../language/words.ts'
import { EXIT, Usage } from './command.ts'

/** How a failure leaves the command: its code, a sentence that ends with what to do next, and the exit code. */
export type Failure = { code: string; message: string; exit: number }

/** No server answered: nothing was done, or what was to be done is kept. */
const UNANSWERED = new Set(['offline', 'certificate', 'kept_in_outbox', 'issue_pending'])

/** `hint` is the command to type for help, put behind what was typed wrongly. */
export function failureOf(error: unknown, lang: Lang, hint: string): Failure {
  if (!(error instanceof Refusal)) {
    return { code: 'internal', message: sayIfKnown(lang, 'cli.errors.internal')!, exit: EXIT.bug }
  }
  const { code: refused, details } = error
  const distrust = refused === 'offline' && certificateFault(error)
  const code = distrust ? 'certificate' : refused
  const message = sayCode(lang, code, {
    ...details,
    said: error.message,
    ...(distrust && { reason: distrust, setting: 'NODE_EXTRA_CA_CERTS=FILE' }),
  })
  if (error instanceof Usage) {
    return { code, message: `${message} ${sayIfKnown(lang, 'cli.seeHelp', { help: hint })}`, exit: EXIT.usage }
  }
  if (code === 'bad_config')
    return { code, message: [message, ...faultsIn(details, lang)].join('\n'), exit: EXIT.usage }
  const exit = UNANSWERED.has(code) ? EXIT.unreachable : code === 'internal' ? EXIT.bug : EXIT.refused
  return { code, message: [message, ...faultsIn(details, lang)].join('\n'), exit }
}

/** A server that was there, and whose certificate this machine does not trust: Node's name for why, deep in the causes. */
function certificateFault(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code !== undefined && /CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code)) return code
  }
  return undefined
}

/** At a keyboard some codes mean something else than on a phone's screen; those words come first. */
function sayCode(lang: Lang, code: string, details: Record<string, unknown>): string {
  const own = sayIfKnown(lang, `cli.errors.${code}`, details)
  if (own !== undefined) return own
  if (sayIfKnown(lang, `errors.${code}`) !== undefined) return sayRefusal(lang, code, details)
  return sayIfKnown(lang, 'cli.errors.unworded', { ...details, code })!
}

/** A refusal may bring a list of faults: with places in files and worded already, or as codes with what these need. */
function faultsIn({ faults }: Record<string, unknown>, lang: Lang): string[] {
  if (!Array.isArray(faults)) return []
  return faults.map((one: unknown) => {
    if (typeof one === 'string') return `  ${one}`
    if ('code' in (one as object)) {
      const fault = one as { code: string } & Record<string, unknown>
      return `  ${sayCode(lang, fault.code, { ...fault, wanted: sayIfKnown(lang, `cli.wanted.${fault.wanted}`, fault) })}`
    }
    const { file, row, column, say } = one as { file: string; row: number; column: string; say: Record<Lang, string> }
    const place = sayIfKnown(lang, row > 0 ? 'cli.place' : 'cli.placeFile', { file, row, column: column || '–' })
    return `  ${place} ${say[lang]}`
  })
}

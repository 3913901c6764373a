import { say } from '../language/words.ts'

/** What a person reads who mistyped an address: the same for every one, and nothing of the address in it. */
export const NO_SUCH_PAGE = `<!doctype html>
<html lang="bn"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${say('bn', 'shell.noSuchPage.title')}</title>
${(['bn', 'en'] as const)
  .map(
    (lang) =>
      `<h1 lang="${lang}">${say(lang, 'shell.noSuchPage.title')}</h1><p lang="${lang}"><a href="/">${say(lang, 'shell.noSuchPage.toToday')}</a></p>`,
  )
  .join('\n')}
`

/** The one place that vouches for a script's address to the browser (Trusted Types): our own files, and nothing put together. */

let policy: ReturnType<NonNullable<typeof window.trustedTypes>['createPolicy']> | undefined

/** What a worker may be started from: `/sw.js`, or a script of the build. @throws TypeError for any other address. */
export function ownScript(path: string): string {
  // A policy of a name can be made once.
  policy ??= window.trustedTypes?.createPolicy('smarak', { createScriptURL: checked })
  return policy?.createScriptURL(path) ?? checked(path)
}

function checked(path: string): string {
  if (path !== '/sw.js' && !/^\/assets\/[\w-]+\.js$/.test(path)) throw new TypeError(`Not a script of ours: ${path}`)
  return path
}

import type { ListedPost, PostName } from '../../../client/views.ts'
import type { Live } from '../../../web/shell/live.svelte.ts'
import { postTitle } from '../../../web/shell/posts.ts'
import type { Prefs } from '../../../web/shell/prefs.svelte.ts'
import { knownTitle } from './post-search.ts'

/** Titles of posts this device may never have met: by the list of names, which says the place or office too. */
export class Titles {
  #byId: ReadonlyMap<string, ListedPost> = $state.raw(new Map())

  constructor(app: Live) {
    // Without the list a post goes by what this device knows of it.
    app.client.names().then(
      (names) => (this.#byId = new Map(names.map((post) => [post.id, post]))),
      () => {},
    )
  }

  of(prefs: Prefs, post: PostName): string {
    const known = this.#byId.get(post.id)
    return known ? knownTitle(prefs, known) : postTitle(prefs, post)
  }
}

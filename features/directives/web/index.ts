/** What other rooms' screens may use of these. */
export { Draft } from './draft.svelte.ts'
export { default as PostSearch } from './PostSearch.svelte'
export { knownTitle } from './post-search.ts'

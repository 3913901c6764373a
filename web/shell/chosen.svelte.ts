/** The post the reader chose to look through; the same on আজ and on the list, until the page closes. */
export const lastChosen: { post: string | null } = $state({ post: null })

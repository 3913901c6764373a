/** The same tree of keys with any sentence at its leaves: what the English half of each area must satisfy. */
export type SameShape<T> = { readonly [K in keyof T]: T[K] extends string ? string : SameShape<T[K]> }

/** Names that are to come. It becomes shorter, and ends empty: a name that is there must not stand here. */
export const notYet: readonly string[] = []

/** Scenarios whose features are not there yet. It becomes shorter, and ends empty. */
export const waiting: readonly string[] = []

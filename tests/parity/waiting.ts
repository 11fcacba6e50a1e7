/** Scenarios whose features are not there yet. It becomes shorter, and ends empty. */
export const waiting: readonly string[] = [
  'externals: an external cancellation of a closed execution',
  'externals: an external cancellation of a closed run',
  'patches: an execution of the patched code meets code without it',
  'timeouts: signal-with-start ends a start delay',
]

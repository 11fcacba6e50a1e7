/** Scenarios whose features are not there yet. It becomes shorter, and ends empty. */
export const waiting: readonly string[] = [
  'endings: a rejection that nobody handles (activity)',
  'externals: an external cancellation of a closed execution',
  'externals: an external cancellation of a closed run',
  'patches: an execution of the patched code meets code without it',
  'timeouts: signal-with-start ends a start delay',
]

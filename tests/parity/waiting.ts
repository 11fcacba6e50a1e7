/** Scenarios whose features are not there yet. It becomes shorter, and ends empty. */
export const waiting: readonly string[] = [
  'attributes: a memo is changed that was not given',
  'endings: a rejection that nobody handles (activity)',
  'externals: an external cancellation of a closed execution',
  'externals: an external cancellation of a closed run',
  'patches: an execution of the patched code meets code without it',
  'starting: signal-with-start of a running execution, terminate existing',
  'timeouts: a run timeout beyond the execution timeout',
  'timeouts: signal-with-start ends a start delay',
  'updates: an update whose handler continues as new',
]

/** What the engine promises, and how each promise is tried: each a program of its own, with its amounts. */

export interface Search {
  readonly name: string
  /** A sentence. */
  readonly promise: string
  /** A sentence: what is done, and what is looked at. */
  readonly tried: string
  /** What holds it up. Those that compute are many at once and of low priority; those that wait get the processor when they need it. */
  readonly lane: 'computes' | 'waits'
  /** Arguments of node, for an amount. */
  readonly command: (amount: Amount) => readonly string[]
  /** Of the last lines that it prints, the one that tells what was done. */
  readonly says: RegExp
}

/** ci: a share of each, some ten minutes in all. nightly: all. */
export type Amount = 'ci' | 'nightly'

const pick = <T>(amount: Amount, ci: T, nightly: T): T => (amount === 'ci' ? ci : nightly)

export const searches: readonly Search[] = [
  {
    name: 'Simulation',
    lane: 'computes',
    promise: 'No order of events loses, repeats or changes anything: not when processes die, hang, lose their '
      + 'connection or their clock jumps.',
    tried: 'The engine\'s own code runs as several processes under a seeded scheduler, which harms them between any two '
      + 'steps; the rows are held '
      + 'against the invariants of ARCHITECTURE.md after each step, and, when the harm is over, each result against its history and each '
      + 'history against its replay (docs/decisions/0004-simulation.md). It runs beside the other searches, at low priority.',
    command: (amount) => ['tests/simulation/run.ts', '--seeds', pick(amount, '2000', '100000')],
    says: /^\d+ seeds from|^Met: /,
  },
  {
    name: 'Races on replay',
    lane: 'computes',
    promise: 'Code that is run again from its history issues the same commands, whatever raced with what.',
    tried: 'Random workflow programs (activities, timers, signals, race, any, all, scopes, conditions, children, updates, '
      + 'patches, requests to others, continue-as-new, random numbers, memo and search attributes) live through '
      + 'random orders of events, queries and crashes, and are '
      + 'replayed cold after every event; commands, results and variables must be the same.',
    command: (amount) => ['tests/replay-races/run.ts', '--programs', pick(amount, '2000', '50000')],
    says: /programs|^Met: /,
  },
  {
    name: 'Crash points on SQLite',
    lane: 'waits',
    promise: 'A process may die at any SQL statement, or never learn what became of it.',
    tried: 'A real process is killed (SIGKILL) before or after a statement, or loses its answer; another recovers. The list of '
      + 'points is made from the statements themselves: each of them the first, the second and the last time in the scenario that issues '
      + 'it most often, and one of these in every other. Some statements are issued only where two things meet: a point that did not come '
      + 'again in several runs was not reached; each statement has others that were.',
    command: (amount) => ['tests/crash-points/run.ts', '--store', 'sqlite', '--share', pick(amount, '1/40', '1/1')],
    says: /points in|^not reached/,
  },
  {
    name: 'Crash points on PostgreSQL',
    lane: 'waits',
    promise: 'The same on PostgreSQL.',
    tried: 'The same; a lost answer is a broken connection.',
    command: (amount) => ['tests/crash-points/run.ts', '--store', 'postgres', '--share', pick(amount, '1/20', '1/1')],
    says: /points in|^not reached/,
  },
  {
    name: 'Real processes and servers',
    lane: 'waits',
    promise: 'Workers that are killed or frozen, servers that are killed or restarted, cut connections, clocks that are '
      + 'wrong and disks that are full '
      + 'cost time and nothing else.',
    tried: 'Workflows of ten steps in five shapes run while the harm is done; afterwards each has its one right result, '
      + 'recorded histories have only '
      + 'grown, each signal came as often as it was sent, and nothing is left over.',
    command: (amount) => ['tests/crash/run.ts', '--share', pick(amount, '0.05', '1')],
    says: /^[✔✖-] /,
  },
]

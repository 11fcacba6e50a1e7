/** What the tap of a process under test is told, and how SQL texts become names of statements. */

/** When the process dies; `unacknowledged`: the statement took effect, its answer never came, the process lives on. */
export const moments = ['before', 'after', 'unacknowledged'] as const
export type Moment = (typeof moments)[number]

/** Faults of a database that must not pass unseen: they show that the checks see anything. */
export type Sabotage = 'dropped' | 'doubled'

export interface TapOrder {
  readonly store: 'sqlite' | 'postgres'
  /** JSON: from the text of a statement to its name. */
  readonly namesFile: string
  /** The name of each statement is appended, as it is issued. */
  readonly recordFile?: string
  readonly point?: {
    readonly statement: string
    /** From 1. */
    readonly occurrence: number
    readonly moment: Moment | Sabotage
    /** Written when the point is reached. */
    readonly reachedFile: string
  }
}

export const tapVariable = 'PERDURE_CRASH_TAP'

/** Statements of the thread that keeps the lease. */
export const leaseThreadPrefix = 'lease-thread.'

/** Texts without a statement's file have their first words for a name: `begin`, `pragma-journal-mode-wal`. */
export function nameOfText(text: string, names: Readonly<Record<string, string>>): string {
  const known = names[text]
  if (known !== undefined) return known
  const words = text.replaceAll(/'[^']*'|\b\d+\b/g, ' ').toLowerCase().match(/[a-z_]+/g) ?? ['empty']
  return words.slice(0, 6).join('-').replaceAll('_', '-')
}

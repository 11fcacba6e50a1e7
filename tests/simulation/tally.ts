/** How often each thing happened that simulations are there for: a fault that never fires tests nothing. */
import { kinds } from './weather.ts'

export class Tally {
  readonly counts = new Map<string, number>()

  note(what: Happening): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1)
  }
}

/** Of a call of the store, beside those of `kinds` that meet processes. */
const ofCalls = ['unavailable', 'busy', 'unknown, not made', 'unknown, made'] as const
/** Of rows that another transaction holds, and of batches. */
const ofBatches = ['start busy', 'row locked', 'release kept', 'post busy', 'request busy', 'batch refused', 'refused alone'] as const
const ofHints = ['hint lost', 'hint twice', 'hint of anything'] as const
/** What the engine came to by them. */
const ofEngine = ['taken over', 'fenced', 'unread', 'lost', 'held: crash_loop', 'held: commit_rejected'] as const

/** What users were told: calls that always fail would find nothing wrong. */
const ofUsers = ['result given', 'query answered', 'query refused', 'signal taken', 'cancelled', 'terminated'] as const

/** Between executions. */
const ofOthers = [
  'child started', 'child refused', 'child told', 'ended by its parent', 'cancelled by its parent', 'other signalled', 'other not found',
  'went on as new', 'run retried', 'run timed out', 'update completed', 'update rejected', 'update again', 'patched',
] as const

export const happenings = [...kinds, 'poisoned', ...ofOthers, ...ofCalls, ...ofBatches, ...ofHints, ...ofEngine, ...ofUsers]
export type Happening = (typeof happenings)[number]

/**
 * Which ways of changed code this execution takes. On a first run every patch is taken and marked in the history, in
 * front of the event whose activation asked; on replay only what is marked by then is taken, and the same activation has to
 * ask for it again, unless the mark is of a deprecated patch: such a patch may vanish from the code.
 */
import { type HistoryEvent, isJoined, type PatchMarked } from '../protocol/event.ts'
import { NondeterminismError } from './nondeterminism-error.ts'
import { SeldomSet } from './seldom.ts'

export interface Patch {
  readonly patchId: string
  readonly deprecated: boolean
}

export class Patches {
  readonly #marked = new SeldomSet<string>()
  #fresh: Patch[] = []
  /** Marks of which the activation is to come; those of the call of the workflow function: to come or over. */
  #ahead: PatchMarked[] = []
  /** Marks of the last activation that it has not asked for. */
  #due: PatchMarked[] = []

  constructor(isOurs: boolean) {
    this.#isOurs = isOurs
  }

  /** The code ran in this process from its first line on: what is not marked was never durable, so it may be asked anew. */
  readonly #isOurs: boolean

  /** A history has it of which each workflow task is checked as a whole. */
  mark(patchId: string): void {
    this.#marked.add(patchId)
  }

  /**
   * The next event of the history, before it is applied.
   * @param isBegun the workflow function has been called
   * @throws NondeterminismError when the activation before it did not ask for what it had asked for
   */
  follow(event: HistoryEvent, isBegun: boolean, seq: number): void {
    // Applied in one activation with the event in front of it.
    if (isJoined(event)) return
    refuseUnasked(this.#due, seq)
    if (event.type === 'PatchMarked') {
      this.mark(event.patchId)
      if (!event.deprecated) this.#ahead.push(event)
      return
    }
    if (event.type === 'WorkflowExecutionUpdateCompleted' || (!isBegun && event.type !== 'WorkflowTaskStarted')) return
    if (isBegun) refuseUnasked(this.#ahead.filter((mark) => mark.atStart), seq)
    this.#due = this.#ahead
    this.#ahead = []
  }

  /** The history is over. @throws NondeterminismError as `follow` does */
  end(seq: number): void {
    refuseUnasked([...this.#due, ...this.#ahead], seq)
  }

  isTaken(patchId: string, deprecated: boolean, replaying: boolean): boolean {
    if (this.#due.length > 0) this.#due = this.#due.filter((mark) => mark.patchId !== patchId)
    if (this.#ahead.length > 0) this.#ahead = this.#ahead.filter((mark) => mark.patchId !== patchId)
    if (this.#marked.has(patchId)) return true
    if (replaying && !this.#isOurs) return false
    this.#marked.add(patchId)
    this.#fresh.push({ patchId, deprecated })
    return true
  }

  /** Those that are to be marked. */
  takeFresh(): readonly Patch[] {
    if (this.#fresh.length === 0) return none
    const fresh = this.#fresh
    this.#fresh = []
    return fresh
  }
}

const none: readonly Patch[] = []

function refuseUnasked(marks: readonly PatchMarked[], seq: number): void {
  const [mark] = marks
  if (mark === undefined) return
  const { patchId } = mark
  const got = `the code does not ask for it any more; keep deprecatePatch('${patchId}') there until no open execution has the patch`
  const expected = `patched('${patchId}') or deprecatePatch('${patchId}'), as when this was recorded`
  throw new NondeterminismError({ seq: Math.max(1, seq), expected, got })
}

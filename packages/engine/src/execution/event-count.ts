/**
 * Length and bytes of the history as workflow code sees them: always what they were when it looked for the first time. So an
 * event that was written for what an activation did, but stands in front of it, is counted when that activation is over.
 */
export class EventCount {
  length = 0
  size = 0
  /** Marks of patches, in front of the next event. */
  #marks = 0
  #markBytes = 0
  /** Updates accepted in the call of the workflow function, in front of it. */
  #kept = 0
  #keptBytes = 0

  add(events: number, bytes: number): void {
    this.length += events
    this.size += bytes
  }

  addMark(bytes: number): void {
    this.#marks++
    this.#markBytes += bytes
  }

  addKept(bytes: number): void {
    this.#kept++
    this.#keptBytes += bytes
  }

  /** An event is applied. */
  addApplied(bytes: number, isBegun: boolean): void {
    this.add(1 + this.#marks, bytes + this.#markBytes)
    this.#marks = 0
    this.#markBytes = 0
    if (!isBegun || this.#kept === 0) return
    this.add(this.#kept, this.#keptBytes)
    this.#kept = 0
  }
}

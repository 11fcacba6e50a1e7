/**
 * Length and bytes of the history as workflow code sees them: always what they were when it looked for the first time. An event
 * that was written for what an activation did is counted by the next event that is applied, wherever it stands in the history
 * (marks of patches stand in front of the event whose activation asked, completed updates behind it), and not before: else a
 * condition that looks at the length would hold at another moment in a replay.
 */
export class EventCount {
  length = 0
  size = 0
  /** Written for what was done since the last event. */
  #late = 0
  #lateBytes = 0
  /** In front of the next event, or of the call of the workflow function. */
  #front = 0
  #frontBytes = 0

  /** All there are. */
  get total(): number {
    return this.length + this.#late + this.#front
  }

  set(length: number, size: number): void {
    this.length = length
    this.size = size
    this.#late = this.#lateBytes = this.#front = this.#frontBytes = 0
  }

  addLate(bytes: number): void {
    this.#late++
    this.#lateBytes += bytes
  }

  addFront(bytes: number): void {
    this.#front++
    this.#frontBytes += bytes
  }

  /** The workflow function is called: what stands in front of that was written for it. */
  begin(): void {
    this.#late += this.#front
    this.#lateBytes += this.#frontBytes
    this.#front = this.#frontBytes = 0
  }

  /** An event is applied. */
  addApplied(bytes: number, isBegun: boolean): void {
    this.addJoined(bytes)
    this.length += this.#late
    this.size += this.#lateBytes
    this.#late = this.#lateBytes = 0
    if (isBegun) this.begin()
  }

  /** An event is applied together with the one in front of it. */
  addJoined(bytes: number): void {
    this.length++
    this.size += bytes
  }
}

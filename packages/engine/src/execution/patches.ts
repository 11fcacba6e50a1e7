/**
 * Which ways of changed code this execution takes. On a first run every patch is taken and marked in the history, in
 * front of the event whose activation asked; on replay only what is marked by then is taken.
 */
export interface Patch {
  readonly patchId: string
  readonly deprecated: boolean
}

export class Patches {
  readonly #marked = new Set<string>()
  #fresh: Patch[] = []

  constructor(isOurs: boolean) {
    this.#isOurs = isOurs
  }

  /** The code ran in this process from its first line on: what is not marked was never durable, so it may be asked anew. */
  readonly #isOurs: boolean

  /** The history has it. */
  mark(patchId: string): void {
    this.#marked.add(patchId)
  }

  isTaken(patchId: string, deprecated: boolean, replaying: boolean): boolean {
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

/** Counts what happens in a run, and says what of it goes wrong. */
import type { Fault, RunSize } from './fault.ts'

type FaultOf<Type extends Fault['type']> = Extract<Fault, { readonly type: Type }>

export class FaultPlan {
  readonly #faults: readonly Fault[]
  #commits = 0
  #calls = 0
  #messages = 0

  constructor(faults: readonly Fault[]) {
    this.#faults = faults
  }

  get size(): RunSize {
    return { commits: this.#commits, calls: this.#calls, messages: this.#messages }
  }

  nextCommit(): { readonly crash: FaultOf<'crash'> | undefined; readonly jumpMs: number } {
    const commit = ++this.#commits
    const jumps = this.#of('clockJumps').filter((fault) => fault.commit === commit)
    return { crash: this.#of('crash').find((fault) => fault.commit === commit), jumpMs: jumps.reduce((sum, { ms }) => sum + ms, 0) }
  }

  nextCall(): CallFaults {
    const call = ++this.#calls
    const harm = (when: 'before' | 'after'): AttemptHarm => ({
      fails: this.#of('activityFails').some((fault) => fault.call === call && fault.when === when),
      slowMs: this.#of('activityIsSlow').reduce((sum, fault) => sum + (fault.call === call && fault.when === when ? fault.ms : 0), 0),
    })
    return { call, before: harm('before'), after: harm('after') }
  }

  nextMessage(): { readonly lateMs: number; readonly copies: number } {
    const message = ++this.#messages
    const lateMs = this.#of('messageIsLate').reduce((sum, fault) => sum + (fault.message === message ? fault.ms : 0), 0)
    return { lateMs, copies: this.#of('messageIsRepeated').some((fault) => fault.message === message) ? 2 : 1 }
  }

  #of<Type extends Fault['type']>(type: Type): FaultOf<Type>[] {
    return this.#faults.filter((fault): fault is FaultOf<Type> => fault.type === type)
  }
}

export interface CallFaults {
  readonly call: number
  readonly before: AttemptHarm
  readonly after: AttemptHarm
}

export interface AttemptHarm {
  readonly fails: boolean
  readonly slowMs: number
}

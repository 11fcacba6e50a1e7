/**
 * The numbers that Temporal's SDK gives to commands: each kind has its own, from 1. Ours number all kinds together, so that
 * theirs follow. They are the ids of timers, and of activities without one. Pure.
 */
import type { PendingCommands } from '../execution/pending-commands.ts'
import type { CommandNumber } from '../protocol/ids.ts'

export class TemporalSequences {
  readonly #sequences: number[] = []
  readonly #counts = new Map<string, number>()

  /** A call that issued no command: it has a number there. */
  passOver(kind: string, pending: PendingCommands): void {
    this.note(pending)
    this.#count(kind)
  }

  /** Takes in what was issued since the last time. */
  note(pending: PendingCommands): void {
    for (let command = this.#sequences.length + 1; command <= pending.issued; command++) {
      const [kind = ''] = (pending.describe(command) ?? '').split(' ')
      this.#sequences.push(this.#count(kind))
    }
  }

  of(command: CommandNumber): string {
    return String(this.#sequences[command - 1])
  }

  #count(kind: string): number {
    const sequence = (this.#counts.get(kind) ?? 0) + 1
    this.#counts.set(kind, sequence)
    return sequence
  }
}

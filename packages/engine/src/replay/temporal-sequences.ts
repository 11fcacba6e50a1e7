/**
 * The numbers that Temporal's SDK gives to commands: each kind has its own, from 1. Ours number all kinds together, so that
 * theirs follow. They are the ids of timers, and of activities without one. Pure.
 */
import type { PendingCommands } from '../execution/pending-commands.ts'
import type { CommandNumber } from '../protocol/ids.ts'

export class TemporalSequences {
  readonly #sequences: number[] = []
  readonly #counts = new Map<string, number>()
  readonly #activities = new Map<number, CommandNumber>()

  /** A call that issued no command: it has a number there, which is returned. */
  passOver(kind: string, pending: PendingCommands): number {
    this.note(pending)
    return this.#count(kind)
  }

  /** The SDK calls a local activity once more, under a number of its own. */
  callAgain(command: CommandNumber, pending: PendingCommands): void {
    this.#activities.set(this.passOver('activity', pending), command)
  }

  /** The activity of this number, if the code has called it. */
  activity(sequence: number, pending: PendingCommands): CommandNumber | undefined {
    this.note(pending)
    return this.#activities.get(sequence)
  }

  /** Takes in what was issued since the last time. */
  note(pending: PendingCommands): void {
    for (let command = this.#sequences.length + 1; command <= pending.issued; command++) {
      const [kind = ''] = (pending.describe(command) ?? '').split(' ')
      const sequence = this.#count(kind)
      this.#sequences.push(sequence)
      if (kind === 'activity') this.#activities.set(sequence, command)
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

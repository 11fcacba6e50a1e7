/** What activities tell from whichever process runs them: one file of lines, in the order in which things happened. */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

export interface LogLine {
  readonly event: 'begin' | 'end' | 'cancelled' | 'note'
  /** What the test calls this activity. */
  readonly key: string
  readonly workflowId: string
  readonly runId: string
  readonly attempt: number
  readonly pid: number
  readonly at: number
  /** From when on the attempt could begin, by the engine: no earlier than the end of the one before. */
  readonly dueAt: number
  /** `begin`: the heartbeat details that the attempt was given; `end`: what it returned; `note`: its token. */
  readonly value?: unknown
}

const pollMs = 10

export class AttemptLog {
  readonly #folder: string
  readonly #file: string

  constructor(folder: string) {
    this.#folder = folder
    this.#file = join(folder, 'attempts.log')
  }

  write(line: LogLine): void {
    appendFileSync(this.#file, `${JSON.stringify(line)}\n`)
  }

  read(): readonly LogLine[] {
    if (!existsSync(this.#file)) return []
    const lines = readFileSync(this.#file, 'utf8').split('\n')
    // What follows the last line break is still being written, or empty.
    return lines.slice(0, -1).map((line) => JSON.parse(line) as LogLine)
  }

  of(key: string, event?: LogLine['event']): readonly LogLine[] {
    return this.read().filter((line) => line.key === key && (event === undefined || line.event === event))
  }

  /** Comes back with the first so many lines of this kind. */
  async until(key: string, event: LogLine['event'], count = 1): Promise<readonly LogLine[]> {
    for (;;) {
      const found = this.of(key, event)
      if (found.length >= count) return found
      await pause(pollMs)
    }
  }

  /** Comes back when there is such a line. */
  async untilSome(holds: (line: LogLine) => boolean): Promise<void> {
    while (!this.read().some(holds)) await pause(pollMs)
  }

  /** Lets the activity of this key, which waits for it, go on. */
  openGate(key: string): void {
    writeFileSync(this.#gate(key), '')
  }

  gateIsOpen(key: string): boolean {
    return existsSync(this.#gate(key))
  }

  #gate(key: string): string {
    return join(this.#folder, `${encodeURIComponent(key)}.open`)
  }
}

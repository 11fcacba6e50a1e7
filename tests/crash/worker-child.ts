/** One worker process of tests that kill, freeze and revive it. */
import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

export interface WorkerChildOptions {
  readonly tickMs?: number | undefined
  readonly leaseMs?: number
  /** How far its clock is ahead. */
  readonly clockMs?: number
}

export class WorkerChild {
  readonly #child: ChildProcess
  /** Resolves when it serves; rejects when it ended by itself before. */
  readonly ready: Promise<unknown>

  constructor(database: string, logFile: string, { tickMs = 100, leaseMs = 5_000, clockMs = 0 }: WorkerChildOptions = {}) {
    const env = { PERDURE_LOG_LEVEL: 'error', ...process.env, PERDURE_TEST_CLOCK_MS: `${clockMs}` }
    const given = [database, logFile, `${tickMs}`, `${leaseMs}`]
    const child = fork(join(import.meta.dirname, 'worker.ts'), given, { stdio: 'inherit', execArgv: [], env })
    const failed = once(child, 'exit').then(() => assert.ok(child.killed, `a worker ended by itself (${child.exitCode})`))
    failed.catch(() => undefined)
    this.#child = child
    this.ready = Promise.race([once(child, 'message'), failed])
  }

  get pid(): number {
    return this.#child.pid ?? assert.fail('the worker process was not started')
  }

  freeze(): void {
    this.#child.kill('SIGSTOP')
  }

  thaw(): void {
    this.#child.kill('SIGCONT')
  }

  /** Resolves when it is gone. Works twice, and on a frozen one. */
  async kill(): Promise<void> {
    const child = this.#child
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }
}

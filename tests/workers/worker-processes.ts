/** Worker processes of a test: started, killed, frozen, drained. */
import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { EngineOptions, WorkerOptions } from 'perdure'

export interface WorkerSetup extends Pick<EngineOptions, 'queues' | 'hints'> {
  readonly database: string
  /** Where its activities write their log. */
  readonly folder: string
  readonly taskQueues: readonly string[]
  readonly runs: 'workflows' | 'activities' | 'both'
  readonly worker?: WorkerOptions
}

/** An execution to be started by the worker's own process, so that it is that worker's from the beginning. */
export interface StartCommand {
  readonly workflow: string
  readonly workflowId: string
  readonly args: readonly unknown[]
}

export class WorkerProcess {
  /** Resolves when it serves; rejects when it ends by itself before. */
  readonly ready: Promise<void>
  readonly #child: ChildProcess
  readonly #gone: Promise<void>
  #isToEnd = false

  constructor(setup: WorkerSetup) {
    // Attempts that fail or are cut off are what these tests are about: they are told by the log of the activities.
    const env = { PERDURE_LOG_LEVEL: 'error', ...process.env }
    this.#child = fork(join(import.meta.dirname, 'worker-program.ts'), [JSON.stringify(setup)], { stdio: 'inherit', execArgv: [], env })
    this.#gone = once(this.#child, 'exit').then(() => undefined)
    const failed = this.#gone.then(() => assert.ok(this.#isToEnd, `a worker ended by itself (${this.#child.exitCode})`))
    this.ready = Promise.race([once(this.#child, 'message').then(() => undefined), failed])
    this.ready.catch(() => undefined)
  }

  get pid(): number {
    assert.ok(this.#child.pid !== undefined)
    return this.#child.pid
  }

  /** Comes back when it has started. */
  async start(command: StartCommand): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#child.setMaxListeners(0)
    const hear = (message: unknown): void => { if (message === command.workflowId) resolve() }
    this.#child.on('message', hear)
    this.#child.send(command)
    await Promise.race([promise, this.#gone.then(() => assert.fail('the worker ended before it started an execution'))])
    this.#child.off('message', hear)
  }

  freeze(): void {
    this.#child.kill('SIGSTOP')
  }

  thaw(): void {
    this.#child.kill('SIGCONT')
  }

  /** Comes back when it is gone. Works twice. */
  async kill(): Promise<void> {
    this.#isToEnd = true
    this.#child.kill('SIGKILL')
    await this.#gone
  }

  /** SIGTERM; comes back when it has drained, and left in good order. */
  async drain(): Promise<void> {
    this.#isToEnd = true
    this.#child.kill('SIGTERM')
    await this.#gone
    assert.deepEqual([this.#child.exitCode, this.#child.signalCode], [0, null], 'it left in good order')
  }
}

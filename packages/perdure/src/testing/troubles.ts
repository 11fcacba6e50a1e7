/** What will never come, since an execution cannot go on: whoever waits for a result is told, instead of waiting for ever. */
import { PerdureError, type ActivityTask, type CommitBatch, type CommitOutcome, type Registry, type RunId } from '@perdure/engine'
import { didYouMean } from '@perdure/workflow/host'

export interface TroublesParts {
  readonly registry: Pick<Registry, 'activity' | 'activityTypes'>
  readonly taskQueues: readonly string[]
}

export class Troubles {
  readonly #parts: TroublesParts
  readonly #byRun = new Map<RunId, PerdureError>()
  readonly #waiting = new Set<(error: PerdureError) => void>()
  readonly #told = new Set<RunId>()

  constructor(parts: TroublesParts) {
    this.#parts = parts
  }

  /** Looks for holds, and for activities that nobody has. */
  noteCommit({ transitions }: CommitBatch, outcome: CommitOutcome): void {
    if (outcome.type === 'fenced') return
    for (const [index, { runId, release, tasks }] of transitions.entries()) {
      if (outcome.transitions[index] !== 'ok') continue
      const problem = tasks.map((task) => this.#problemOf(task)).find((each) => each !== undefined)
      if (problem !== undefined) this.#byRun.set(runId, problem)
      else if (release?.held !== null && release?.held !== undefined) this.#byRun.set(runId, held(runId, release.held))
      else if (tasks.length === 0 && release === null) this.#byRun.delete(runId)
    }
  }

  /** Rejects with a trouble that comes up meanwhile. */
  watch<T>(waiting: Promise<T>): Promise<T> {
    const { promise, reject } = Promise.withResolvers<never>()
    this.#waiting.add(reject)
    return Promise.race([waiting, promise]).finally(() => this.#waiting.delete(reject))
  }

  /** Everything has come to rest: whoever waits is told, once. */
  tell(): void {
    const [first] = this.#byRun
    if (first === undefined || this.#waiting.size === 0) return
    const [runId, trouble] = first
    this.#told.add(runId)
    this.#byRun.clear()
    this.refuse(trouble)
  }

  /** The test has failed for what this execution does. */
  wasTold(runId: RunId): boolean {
    return this.#told.has(runId)
  }

  /** Whoever waits is told. */
  refuse(error: PerdureError): void {
    for (const reject of this.#waiting) reject(error)
  }

  #problemOf({ activityType, taskQueue, workflowId }: ActivityTask): PerdureError | undefined {
    const { registry, taskQueues } = this.#parts
    const what = `Execution '${workflowId}' calls activity '${activityType}'`
    if (!taskQueues.includes(taskQueue)) {
      const remedy = `give TestEnvironment.create() the option taskQueues: ['${[...taskQueues, taskQueue].join("', '")}']`
      return new PerdureError('ACTIVITY_MISSING', `${what} of task queue '${taskQueue}', which is not served here; ${remedy}`)
    }
    if (registry.activity(activityType) !== undefined) return undefined
    const known = registry.activityTypes()
    const hint = didYouMean(activityType, known) || `; there are ${known.join(', ') || 'none'}.`
    const remedy = 'Pass it to TestEnvironment.create({ activities }), or mock it with env.activities.mock().'
    return new PerdureError('ACTIVITY_MISSING', `${what}, which is neither given nor mocked${hint} ${remedy}`)
  }
}

function held(runId: RunId, { code, reason }: { readonly code: string; readonly reason: string }): PerdureError {
  return new PerdureError('EXECUTION_HELD', `Run ${runId} is held (${code}) and cannot go on: ${reason}`)
}

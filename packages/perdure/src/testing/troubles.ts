/** What will never come, since an execution cannot go on: whoever waits for a result is told, instead of waiting for ever. */
import { PerdureError, type CommitBatch, type CommitOutcome, type RunId } from '@perdure/engine'
import { didYouMean } from '@perdure/workflow/host'

interface ActivityNames {
  readonly has: (name: string) => boolean
  readonly names: () => readonly string[]
}

export class Troubles {
  readonly #activities: ActivityNames
  readonly #byRun = new Map<RunId, PerdureError>()
  readonly #waiting = new Set<(error: PerdureError) => void>()

  constructor(activities: ActivityNames) {
    this.#activities = activities
  }

  /** Looks for holds, and for activities that nobody has. */
  noteCommit({ transitions }: CommitBatch, outcome: CommitOutcome): void {
    if (outcome.type === 'fenced') return
    for (const [index, { runId, release, tasks }] of transitions.entries()) {
      if (outcome.transitions[index] !== 'ok') continue
      const missing = tasks.find(({ activityType }) => !this.#activities.has(activityType))
      if (missing !== undefined) this.#byRun.set(runId, this.#missingActivity(missing.activityType, missing.workflowId))
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

  /** Everything has come to rest. */
  tell(): void {
    const [trouble] = this.#byRun.values()
    if (trouble !== undefined) for (const reject of this.#waiting) reject(trouble)
  }

  #missingActivity(name: string, workflowId: string): PerdureError {
    const hint = didYouMean(name, this.#activities.names()) || `; there are ${this.#activities.names().join(', ') || 'none'}.`
    const remedy = 'Pass it to TestEnvironment.create({ activities }), or mock it with env.activities.mock().'
    const problem = `Execution '${workflowId}' calls activity '${name}', which is neither given nor mocked`
    return new PerdureError('ACTIVITY_MISSING', `${problem}${hint} ${remedy}`)
  }
}

function held(runId: RunId, { code, reason }: { readonly code: string; readonly reason: string }): PerdureError {
  return new PerdureError('EXECUTION_HELD', `Run ${runId} is held (${code}) and cannot go on: ${reason}`)
}

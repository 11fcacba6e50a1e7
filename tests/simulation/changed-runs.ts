/** Which runs had a row of any kind changed since somebody last asked: a call of the store changes few, and all calls are looked at. */
import type { RunId } from '@perdure/engine'
import type { MemoryData } from '../../packages/testing/src/memory-store/memory-data.ts'

/** So often everything is looked at, whatever is said to have changed. */
const takesPerFullLook = 64

export class ChangedRuns {
  readonly #data: MemoryData
  #runs = new Set<RunId>()
  #takes = 0

  constructor(data: MemoryData) {
    this.#data = data
    for (const map of [data.executions, data.history, data.inbox, data.tasks] as readonly Map<RunId, unknown>[]) this.#follow(map)
    // Histories and inboxes are lists that grow in place.
    const append = data.appendEvent.bind(data)
    data.appendEvent = (runId, event) => {
      this.#runs.add(runId)
      append(runId, event)
    }
    const add = data.addMessage.bind(data)
    data.addMessage = (message) => {
      this.#runs.add(message.runId)
      add(message)
    }
  }

  take(): Iterable<RunId> {
    if (++this.#takes % takesPerFullLook === 0) return this.all()
    const runs = this.#runs
    if (runs.size > 0) this.#runs = new Set()
    return runs
  }

  all(): Iterable<RunId> {
    const { executions, inbox, tasks } = this.#data
    this.#runs = new Set()
    return new Set([...executions.keys(), ...inbox.keys(), ...tasks.keys()])
  }

  #follow(map: Map<RunId, unknown>): void {
    const set = map.set.bind(map)
    const remove = map.delete.bind(map)
    map.set = (runId, row) => {
      this.#runs.add(runId)
      return set(runId, row)
    }
    map.delete = (runId) => {
      this.#runs.add(runId)
      return remove(runId)
    }
  }
}

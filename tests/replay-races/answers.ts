/** What a world can still answer in one go: to each request once, and a child ends after it began. */
import type { LiveExecution } from '../../packages/engine/src/execution/live-execution.ts'
import type { ExternalRequest, PendingActivity, PendingChild } from '../../packages/engine/src/execution/pending-commands.ts'
import type { HistoryEvent } from '../../packages/engine/src/protocol/event.ts'
import type { Random } from './random.ts'
import { activityEnd, childBegins, childEnds, otherAnswers } from './world-events.ts'

interface Child {
  readonly child: PendingChild
  readonly isThere: boolean
}

export class Answers {
  readonly activities: PendingActivity[]
  readonly #random: Random
  readonly #children: Child[]
  readonly #requests: ExternalRequest[]

  /** @param carried commands that were carried out */
  constructor(random: Random, { pending, calls }: LiveExecution, carried: ReadonlySet<number>) {
    this.#random = random
    this.activities = [...pending.activities.values()].filter(({ command }) => carried.has(command))
    this.#children = [...calls.pendingChildren].filter(({ command }) => carried.has(command))
      .map((child) => ({ child, isThere: child.runId !== undefined }))
    this.#requests = [...calls.pendingRequests].filter(({ command }) => carried.has(command))
  }

  /** How many requests to other executions, and children, may be heard of. */
  get others(): number {
    return this.#children.length + this.#requests.length
  }

  activity(): HistoryEvent {
    return activityEnd(this.#random, this.#one(this.activities))
  }

  other(): HistoryEvent {
    const random = this.#random
    const at = random.integer(this.others)
    if (at >= this.#children.length) return otherAnswers(random, this.#one(this.#requests, at - this.#children.length))
    const { child, isThere } = this.#one(this.#children, at)
    if (isThere) return childEnds(random, child)
    const event = childBegins(random, child)
    if (event.type === 'ChildWorkflowExecutionStarted') this.#children.push({ child, isThere: true })
    return event
  }

  #one<T>(all: T[], at = this.#random.integer(all.length)): T {
    const [one] = all.splice(at, 1)
    if (one === undefined) throw new Error('Nothing is left to be answered')
    return one
  }
}

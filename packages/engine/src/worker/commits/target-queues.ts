/**
 * In which order the requests of one execution reach each of the others: its start first, then messages as they were sent, also
 * where somebody holds what one of them needs and it is asked again later.
 *
 * - T1: messages go along with earlier ones of the same commit, which meet the same locks. Behind a start, and behind what an
 *   earlier commit carries, they wait.
 */
import type { CommandNumber } from '../../protocol/ids.ts'
import type { Outgoing } from '../../protocol/transition.ts'

/** What is under way to one workflow id. */
interface TargetQueue {
  readonly underWay: Map<CommandNumber, Outgoing['type']>
  /** The unit of the last of them; undefined: in none yet. */
  carrier: object | undefined
  waiting: Outgoing[]
}

export class TargetQueues {
  #queues: Map<string, TargetQueue> | undefined

  /** False: it waits, and `ended` of the last in front of it gives it back. */
  mayGo(request: Outgoing, unit: object | undefined): boolean {
    const queue = this.#queues?.get(targetOf(request))
    if (queue === undefined || request.type === 'start') return true
    const joins = queue.waiting.length === 0 && unit !== undefined && queue.carrier === unit && !hasStart(queue)
    if (!joins) queue.waiting.push(request)
    return joins
  }

  /** @param carrier undefined: it is to come, and what follows waits already */
  goes(request: Outgoing, carrier: object | undefined): void {
    this.#queues ??= new Map()
    const queue = this.#queues.get(targetOf(request)) ?? { underWay: new Map(), carrier, waiting: [] }
    queue.underWay.set(request.command, request.type)
    queue.carrier = carrier
    this.#queues.set(targetOf(request), queue)
  }

  /** It is carried out, or never will be. Those that waited for it, in their order, once nothing else is in front of them. */
  ended(request: Outgoing): readonly Outgoing[] {
    const key = targetOf(request)
    const queue = this.#queues?.get(key)
    if (queue === undefined || !queue.underWay.delete(request.command) || queue.underWay.size > 0) return []
    this.#queues?.delete(key)
    return queue.waiting
  }
}

function targetOf(request: Outgoing): string {
  return request.type === 'start' ? request.start.workflowId : request.to.workflowId
}

function hasStart({ underWay }: TargetQueue): boolean {
  for (const type of underWay.values()) if (type === 'start') return true
  return false
}

/**
 * Task queues of a worker, by what is claimed together: those without a limit of their own, and each that has one. The group
 * that was given something longest ago comes first, so that a long backlog in one leaves the others their share of the slots
 * and of the pace.
 */
export class QueueGroups {
  #groups: readonly (readonly string[])[]

  constructor(taskQueues: readonly string[], hasLimit: (taskQueue: string) => boolean) {
    const together = taskQueues.filter((queue) => !hasLimit(queue))
    const alone = taskQueues.filter(hasLimit).map((queue) => [queue])
    this.#groups = together.length === 0 ? alone : [together, ...alone]
  }

  /** As they are now: what is served while one goes through them changes the next list. */
  get inTurn(): readonly (readonly string[])[] {
    return this.#groups
  }

  /** Something of the group was taken. */
  served(group: readonly string[]): void {
    this.#groups = [...this.#groups.filter((other) => other !== group), group]
  }
}

/** A group is one queue, or has no limits of its own in any of its queues: one of them stands for all. */
export function inPlaceOf(group: readonly string[]): string {
  return group[0] ?? ''
}

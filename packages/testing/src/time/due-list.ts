/** What waits for a time: earliest first, of the same time in the order of adding. A binary heap. */
export interface Due {
  readonly at: number
  readonly order: number
  stopped: boolean
}

export class DueList<T extends Due> {
  readonly #heap: T[] = []

  add(due: T): void {
    const heap = this.#heap
    let index = heap.push(due) - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      const above = heap[parent]
      if (above === undefined || !isBefore(due, above)) break
      heap[index] = above
      index = parent
    }
    heap[index] = due
  }

  /** The earliest that was not stopped. */
  first(): T | undefined {
    for (;;) {
      const first = this.#heap[0]
      if (first?.stopped !== true) return first
      this.#removeFirst()
    }
  }

  take(): T | undefined {
    const first = this.first()
    if (first !== undefined) this.#removeFirst()
    return first
  }

  #removeFirst(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let index = 0
    for (;;) {
      const left = 2 * index + 1
      const [one, other] = [heap[left], heap[left + 1]]
      if (one === undefined) break
      const isRight = other !== undefined && isBefore(other, one)
      const below = isRight ? other : one
      if (!isBefore(below, last)) break
      heap[index] = below
      index = isRight ? left + 1 : left
    }
    heap[index] = last
  }
}

function isBefore(one: Due, other: Due): boolean {
  return one.at === other.at ? one.order < other.order : one.at < other.at
}

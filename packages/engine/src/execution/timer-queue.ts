import type { CommandNumber, Millis } from '../protocol/ids.ts'

interface Timer {
  readonly command: CommandNumber
  readonly fireAt: Millis
}

/** Timers by the time at which they fire, then by the order in which they were started: a binary heap. */
export class TimerQueue<T extends Timer> {
  readonly #heap: T[] = []
  readonly #isPending: (timer: T) => boolean

  /** @param isPending false: it has fired or was cancelled, and is passed over */
  constructor(isPending: (timer: T) => boolean) {
    this.#isPending = isPending
  }

  add(timer: T): void {
    const heap = this.#heap
    let place = heap.length
    heap.push(timer)
    for (let above = (place - 1) >> 1; place > 0 && this.#isBefore(place, above); above = (place - 1) >> 1) {
      this.#swap(place, above)
      place = above
    }
  }

  /** When the first fires of those that were not taken. */
  get earliest(): Millis | null {
    for (let first = this.#heap[0]; first !== undefined; first = this.#heap[0]) {
      if (this.#isPending(first)) return first.fireAt
      this.#removeFirst()
    }
    return null
  }

  takeDue(now: Millis): T[] {
    const due: T[] = []
    for (let first = this.#heap[0]; first !== undefined && first.fireAt <= now; first = this.#heap[0]) {
      this.#removeFirst()
      if (this.#isPending(first)) due.push(first)
    }
    return due
  }

  #removeFirst(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    heap[0] = last
    for (let place = 0; ;) {
      const below = [2 * place + 1, 2 * place + 2].filter((each) => each < heap.length)
      const least = below.reduce((one, other) => (this.#isBefore(other, one) ? other : one), place)
      if (least === place) return
      this.#swap(place, least)
      place = least
    }
  }

  #isBefore(place: number, other: number): boolean {
    const a = this.#heap[place]
    const b = this.#heap[other]
    if (a === undefined || b === undefined) return false
    return a.fireAt === b.fireAt ? a.command < b.command : a.fireAt < b.fireAt
  }

  #swap(place: number, other: number): void {
    const a = this.#heap[place]
    const b = this.#heap[other]
    if (a === undefined || b === undefined) return
    this.#heap[place] = b
    this.#heap[other] = a
  }
}

import { createRandom } from './random-numbers.ts'

/** Choices that follow from a seed. Two parts of a simulation have two of them, so that one does not shift the other's choices. */
export class Random {
  readonly #next: () => number
  /** How many numbers were drawn: two runs that differ anywhere soon differ here. */
  draws = 0

  constructor(seed: number, part: number) {
    this.#next = createRandom(Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(part, 0x85ebca6b))
  }

  next(): number {
    this.draws++
    return this.#next()
  }

  chance(probability: number): boolean {
    return probability > 0 && this.next() < probability
  }

  /** Both ends included. */
  integer(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1))
  }

  /** The list is not empty. */
  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.next() * list.length)] as T
  }

  /** From so many hexadecimal digits. */
  hex(digits: number): string {
    let text = ''
    while (text.length < digits) text += Math.floor(this.next() * 16).toString(16)
    return text
  }
}

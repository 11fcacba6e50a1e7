/** A bounded number of things at once. */
export class Slots {
  readonly #size: number
  #used = 0

  constructor(size: number) {
    this.#size = size
  }

  get used(): number {
    return this.#used
  }

  get free(): number {
    return Math.max(0, this.#size - this.#used)
  }

  tryTake(): boolean {
    if (this.#used >= this.#size) return false
    this.#used++
    return true
  }

  /** Of what is already ours, such as a claimed task: over the size for a moment when others took slots meanwhile. */
  take(): void {
    this.#used++
  }

  giveBack(): void {
    this.#used--
  }
}

/** Hints between processes: late, twice, out of order, or not at all (I5). */
import type { Notifier } from '@perdure/engine'
import type { Random } from './random.ts'
import type { Scheduler } from './scheduler.ts'
import type { VirtualProcess } from './virtual-process.ts'
import type { Weather } from './weather.ts'

export class HintNetwork {
  readonly #scheduler: Scheduler
  readonly #random: Random
  readonly #weather: () => Weather
  readonly #listeners = new Map<VirtualProcess, (topic: string) => void>()

  constructor(scheduler: Scheduler, random: Random, weather: () => Weather) {
    this.#scheduler = scheduler
    this.#random = random
    this.#weather = weather
  }

  link(process: VirtualProcess): Notifier {
    return {
      start: async (onHint) => { this.#listeners.set(process, onHint) },
      publish: (topic) => { if (!process.partitioned) this.#publish(process, topic) },
      stop: async () => { this.#listeners.delete(process) },
    }
  }

  #publish(from: VirtualProcess, topic: string): void {
    for (const [process, onHint] of this.#listeners) {
      if (!process.alive) this.#listeners.delete(process)
      else if (process !== from && !process.partitioned) this.#send(process, topic, onHint)
    }
  }

  #send(process: VirtualProcess, topic: string, onHint: (topic: string) => void): void {
    const { hintLost, hintTwice, latencyMs, slow, slowMs } = this.#weather()
    const random = this.#random
    if (random.chance(hintLost)) return
    for (let copies = random.chance(hintTwice) ? 2 : 1; copies > 0; copies--) {
      const delayMs = random.integer(0, random.chance(slow) ? slowMs : latencyMs)
      // After too many of them a listener is told "any of these".
      const heard = random.chance(hintTwice / 10) ? '*' : topic
      this.#scheduler.after(delayMs, { owner: process, what: `hint ${heard}`, run: () => onHint(heard) })
    }
  }
}

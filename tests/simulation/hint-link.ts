/** Hints between processes: late, twice, out of order, or not at all (I5). */
import type { Notifier } from '@perdure/engine'
import type { Random } from '../../packages/testing/src/simulation/random.ts'
import type { Scheduler } from '../../packages/testing/src/simulation/scheduler.ts'
import type { Tally } from './tally.ts'
import type { VirtualProcess } from '../../packages/testing/src/simulation/virtual-process.ts'
import type { Weather } from './weather.ts'

export interface HintNetworkParts {
  readonly scheduler: Scheduler
  readonly random: Random
  readonly weather: () => Weather
  readonly tally: Tally
}

export class HintNetwork {
  readonly #parts: HintNetworkParts
  readonly #listeners = new Map<VirtualProcess, (topic: string) => void>()

  constructor(parts: HintNetworkParts) {
    this.#parts = parts
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
    const { random, scheduler, weather, tally } = this.#parts
    const { hintLost, hintTwice, latencyMs, slow, slowMs } = weather()
    if (random.chance(hintLost)) return tally.note('hint lost')
    const isTwice = random.chance(hintTwice)
    if (isTwice) tally.note('hint twice')
    for (let copies = isTwice ? 2 : 1; copies > 0; copies--) {
      const delayMs = random.integer(0, random.chance(slow) ? slowMs : latencyMs)
      // After too many of them a listener is told "any of these".
      const heard = random.chance(hintTwice / 10) ? '*' : topic
      if (heard === '*') tally.note('hint of anything')
      scheduler.after(delayMs, { owner: process, what: `hint ${heard}`, run: () => onHint(heard) })
    }
  }
}

/** Where a test and its activities meet: they run in one process. A probe belongs to one scenario, by its key. */
import { EventEmitter, once } from 'node:events'

export class Probe {
  /** What activities noted, in the order in which they did. */
  readonly notes: string[] = []
  readonly #changes = new EventEmitter()
  readonly #gate = Promise.withResolvers<void>()

  /** Activities that wait for it go on, now and later. */
  open(): void {
    this.#gate.resolve()
  }

  get opened(): Promise<void> {
    return this.#gate.promise
  }

  note(text: string): void {
    this.notes.push(text)
    this.#changes.emit('noted')
  }

  /** Resolves when at least so many notes begin with `text`. */
  async noted(text: string, count = 1): Promise<void> {
    while (this.notes.filter((note) => note.startsWith(text)).length < count) await once(this.#changes, 'noted')
  }
}

const probes = new Map<string, Probe>()

export function probe(key: string): Probe {
  let found = probes.get(key)
  if (found === undefined) probes.set(key, found = new Probe())
  return found
}

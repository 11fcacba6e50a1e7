/**
 * The one place where something happens in a simulation. Everything asynchronous is a step; steps that can run now are
 * taken in an order that the seed chooses, and time passes only when there is none, or in a turn that takes long.
 *
 * - R1: between two steps all microtasks run, and nothing else.
 * - R2: a step belongs to one process or to none; those of a dead process never run, those of a frozen one wait.
 * - R3: a turn (the immediates of one process) runs as in Node: one after the other with microtasks between, no step between.
 */
import { DueList, type Due } from '../time/due-list.ts'
import type { Random } from './random.ts'

/** Whatever can be dead or frozen. */
export interface StepOwner {
  readonly name: string
  readonly alive: boolean
  readonly frozen: boolean
  /** Its steps that came up while it was frozen. */
  readonly waiting: Step[]
  /** Immediates of its next turn. */
  immediates: (() => void)[]
}

export interface Step {
  readonly owner: StepOwner | undefined
  /** For the trace. */
  readonly what: string | (() => string)
  readonly run: () => void
  /** It waited for its time; stopped meanwhile, it does nothing. */
  readonly timed?: { readonly stopped: boolean }
}

export type Trace = (line: string) => void

interface Timed extends Due {
  readonly step: Step
}

/** Steps for each round of the real event loop. */
const stepsPerRound = 64
/** For so long after something happened, time does not pass over beats: whoever died is noticed and replaced in that time. */
const beatsMs = 60_000
/** The same where nothing but beats is left that could bring anything. */
const lastBeatsMs = 10 * 60_000
const realImmediate = globalThis.setImmediate

export class Scheduler {
  /** Virtual time, in milliseconds. */
  now: number
  steps = 0
  /** Called after each step, when all microtasks have run. */
  afterStep: () => void = () => undefined
  /** How long the code of a turn keeps its process from everything else, drawn for each turn. */
  turnTakesMs: () => number = () => 0
  readonly #random: Random
  readonly #trace: Trace | undefined
  readonly #timed = new DueList<Timed>()
  readonly #beats = new DueList<Timed>()
  #ready: Step[] = []
  #turn: Step[] = []
  #order = 0
  #current: StepOwner | undefined
  #progressAt: number

  constructor(random: Random, startAt: number, trace: Trace | undefined) {
    this.#random = random
    this.now = startAt
    this.#progressAt = startAt
    this.#trace = trace
  }

  /** Whose step runs, or ran last. */
  get current(): StepOwner | undefined {
    return this.#current
  }

  /** In the middle of a turn nothing else happens (R3). */
  get inTurn(): boolean {
    return this.#turn.length > 0
  }

  ready(step: Step): void {
    this.#ready.push(step)
  }

  /** Returns how to stop it. */
  after(delayMs: number, step: Step): () => void {
    if (delayMs <= 0) {
      const timed = { stopped: false }
      this.#ready.push({ owner: step.owner, what: step.what, run: step.run, timed })
      return () => { timed.stopped = true }
    }
    const timed: Timed = { at: this.now + delayMs, order: this.#order++, step, stopped: false }
    this.#timed.add(timed)
    return () => { timed.stopped = true }
  }

  /** As `after`, for what comes again and again: where nothing else has happened for a while, time passes over it. */
  beat(delayMs: number, step: Step): () => void {
    const timed: Timed = { at: this.now + Math.max(0, delayMs), order: this.#order++, step, stopped: false }
    this.#beats.add(timed)
    return () => { timed.stopped = true }
  }

  /** Something happened that beats may be needed for. */
  progress(): void {
    this.#progressAt = this.now
  }

  immediate(owner: StepOwner, call: () => void): void {
    owner.immediates.push(call)
    if (owner.immediates.length > 1) return
    this.#ready.push({ owner, what: 'turn', run: () => this.#beginTurn(owner) })
  }

  /** A frozen owner goes on. */
  thaw(owner: StepOwner): void {
    this.#ready.push(...owner.waiting.splice(0))
  }

  note(line: () => string): void {
    this.#trace?.(`${this.now} ${line()}`)
  }

  /** Runs steps until `done` says so or nothing is left to do; rejects with what `afterStep` throws. */
  run(done: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      let left = 0
      let over = false
      const one = (): void => {
        left--
        if (over) return
        try {
          // Here all microtasks of the step before have run (R1).
          this.afterStep()
          if (done() || !this.#step()) {
            over = true
            this.afterStep()
            resolve()
          } else if (left === 0) round()
        } catch (error) {
          over = true
          reject(error)
        }
      }
      const round = (): void => {
        left = stepsPerRound
        for (let each = 0; each < stepsPerRound; each++) realImmediate(one)
      }
      round()
    })
  }

  #step(): boolean {
    const step = this.#next()
    if (step === undefined) return false
    this.steps++
    this.#current = step.owner
    if (this.#trace !== undefined) {
      const what = typeof step.what === 'string' ? step.what : step.what()
      this.#trace(`${this.now} ${step.owner?.name ?? '-'} ${what}`)
    }
    if (step.timed?.stopped !== true) step.run()
    return true
  }

  #next(): Step | undefined {
    for (;;) {
      const step = this.#turn.shift() ?? this.#anyReady() ?? this.#advance()
      if (step === undefined) return undefined
      if (step.owner === undefined) return step
      if (!step.owner.alive) continue
      if (!step.owner.frozen) return step
      step.owner.waiting.push(step)
    }
  }

  #anyReady(): Step | undefined {
    const ready = this.#ready
    if (ready.length === 0) return undefined
    const index = ready.length === 1 ? 0 : Math.floor(this.#random.next() * ready.length)
    const step = ready[index]
    const last = ready.pop()
    if (index < ready.length && last !== undefined) ready[index] = last
    return step
  }

  /** Time passes to the next thing that waits for it. What is due at the same time becomes ready together. */
  #advance(): Step | undefined {
    const timedAt = this.#timed.first()?.at ?? Infinity
    const beatAt = this.#beats.first()?.at ?? Infinity
    const isPassedOver = beatAt > this.#progressAt + (timedAt === Infinity ? lastBeatsMs : beatsMs)
    const at = isPassedOver ? timedAt : Math.min(timedAt, beatAt)
    if (at === Infinity) return undefined
    this.now = Math.max(this.now, at)
    for (const list of [this.#timed, this.#beats]) {
      while ((list.first()?.at ?? Infinity) <= this.now) {
        const timed = list.take()
        if (timed === undefined) break
        const { owner, what, run } = timed.step
        this.#ready.push({ owner, what, run, timed })
      }
    }
    return this.#anyReady()
  }

  #beginTurn(owner: StepOwner): void {
    const calls = owner.immediates
    owner.immediates = []
    const [first, ...others] = calls
    this.#turn.push(...others.map((run): Step => ({ owner, what: 'turn goes on', run })))
    first?.()
    this.now += this.turnTakesMs()
  }
}

/** Users of a simulation: who starts, signals, asks, cancels and terminates what, when, and what they were told. */
import { asRunId, PerdureError, WorkflowFailedError, type ConnectedClient, type RunId } from '@perdure/engine'
import type { AskedEnd, AskedSignal, AskedStart, AskedUpdate, Ledger } from './ledger.ts'
import { answerOf } from './ledger.ts'
import { childPrograms, drawProgram, mainQueue, signalsNeeded, type Op, type Program } from './programs.ts'
import { adjusted, type Adjustment, noted, progress, runOptions, runProgram, stirred } from './program-workflow.ts'
import type { Tally } from './tally.ts'
import type { Random } from '../../packages/testing/src/simulation/random.ts'
import type { Scheduler } from '../../packages/testing/src/simulation/scheduler.ts'
import type { VirtualProcess } from '../../packages/testing/src/simulation/virtual-process.ts'

export interface Connected {
  readonly process: VirtualProcess
  readonly client: ConnectedClient
  /** The run id that its client made up last. */
  readonly lastRunId: () => RunId
}

export interface ExecutionPlan {
  readonly workflowId: string
  readonly program: Program
  readonly needed: number
}

interface Call {
  readonly atMs: number
  readonly make: (by: Connected) => void
  readonly what: string
}

export interface UsersParts {
  readonly scheduler: Scheduler
  readonly random: Random
  readonly ledger: Ledger
  /** Processes that take calls. */
  readonly connected: () => readonly Connected[]
  readonly fail: (message: string) => void
  readonly statusOf: (runId: RunId) => string | undefined
  /** Of the last run of the chain that began with this one. */
  readonly endOf: (runId: RunId) => string | undefined
  readonly runsOf: (workflowId: string) => readonly string[]
  /** Some history has the end of the update. */
  readonly hasCompleted: (updateId: string) => boolean
  readonly tally: Tally
}

const callWindowMs = 25_000
const stirWindowMs = 60_000
const retryMs = 250

export class Users {
  readonly plans: ExecutionPlan[] = []
  readonly #parts: UsersParts
  /** Calls that found nobody to call yet, or whose time has not come. */
  #planned = 0
  readonly #unanswered = new Map<object, { readonly by: Connected; readonly what: string }>()
  #signals = 0
  #updates = 0

  constructor(parts: UsersParts) {
    this.#parts = parts
  }

  /** Draws what users will do; nothing happens yet. */
  begin(): void {
    const { random } = this.#parts
    const count = random.chance(0.1) ? random.integer(8, 20) : random.integer(1, 7)
    for (let index = 0; index < count; index++) this.#plan(`w${index}`)
  }

  /** Nothing is left to call, and whoever lives was answered. */
  get areDone(): boolean {
    return this.#planned === 0 && this.unanswered.length === 0
  }

  /** Calls, and waits for results, of processes that live, which nobody answered. */
  get unanswered(): readonly string[] {
    const open = [...this.#unanswered.values()].filter(({ by: { process } }) => process.alive && !process.leaving)
    return open.map(({ by, what }) => `${what} by ${by.process.name}`)
  }

  /** One more signal for an execution that waits. */
  signal(plan: ExecutionPlan): void {
    this.#at({ atMs: 0, what: `signal ${plan.workflowId}`, make: (by) => this.#signal(by, plan.workflowId) })
  }

  /** A query in the moment in which its code goes on. */
  lookAtEnd(by: Connected, workflowId: string): void {
    if (!by.process.leaving && this.#parts.random.chance(0.1)) this.#stir(by, workflowId)
  }

  #plan(workflowId: string): void {
    const { random, ledger } = this.#parts
    const program = drawProgram(random, workflowId)
    for (const one of [program, ...childPrograms(program.ops)]) {
      for (const [id, most] of limitsOf(one.ops)) ledger.maximumAttempts.set(id, most)
      this.plans.push({ workflowId: one.name, program: one, needed: signalsNeeded(one.ops) })
    }
    const startAtMs = random.integer(0, random.chance(0.5) ? 20 : callWindowMs / 2)
    const delayMs = random.chance(0.1) ? random.pick([500, 5_000, 20_000]) : 0
    const later = (): number => startAtMs + random.integer(0, random.pick([20, 2_000, callWindowMs / 2]))
    this.#at({ atMs: startAtMs, what: `start ${workflowId}`, make: (by) => this.#start(by, workflowId, program, delayMs) })
    if (random.chance(0.1)) {
      this.#at({ atMs: later(), what: `start ${workflowId} again`, make: (by) => this.#start(by, workflowId, program, 0) })
    }
    for (let signals = random.integer(0, 4); signals > 0; signals--) {
      this.#at({ atMs: later(), what: `signal ${workflowId}`, make: (by) => this.#signal(by, workflowId) })
    }
    for (let queries = random.integer(0, 2); queries > 0; queries--) {
      this.#at({ atMs: later(), what: `query ${workflowId}`, make: (by) => this.#query(by, workflowId) })
    }
    // In close succession, for the moments between two activations; also in fair weather, where nobody takes over what is left lying.
    const first = program.ops[0]
    const ticks = first?.do === 'sleep' && first.times > 1
    if (random.chance(ticks ? 0.8 : 0.1)) {
      const fromMs = ticks ? startAtMs + delayMs : startAtMs + random.integer(0, stirWindowMs)
      for (let queries = random.integer(2, ticks ? 40 : 10); queries > 0; queries--) {
        const atMs = fromMs + random.integer(0, ticks ? 400 : 100)
        this.#at({ atMs, what: `stir ${workflowId}`, make: (by) => this.#stir(by, workflowId) })
      }
    }
    const adjustments = Array.from({ length: random.chance(0.3) ? random.integer(1, 3) : 0 }, () => this.#adjustment())
    for (const one of adjustments) {
      // Sometimes asked again, under its id, by another process.
      for (let times = random.chance(0.3) ? 2 : 1; times > 0; times--) {
        this.#at({ atMs: later(), what: `update ${workflowId}`, make: (by) => this.#update(by, workflowId, one) })
      }
    }
    if (random.chance(0.12)) this.#at({ atMs: later(), what: `cancel ${workflowId}`, make: (by) => this.#end(by, 'cancel', workflowId) })
    if (random.chance(0.08)) {
      this.#at({ atMs: later(), what: `terminate ${workflowId}`, make: (by) => this.#end(by, 'terminate', workflowId) })
    }
  }

  #at(call: Call): void {
    const { scheduler, random, connected } = this.#parts
    this.#planned++
    const attempt = (): void => {
      const those = connected()
      if (those.length === 0) {
        scheduler.after(retryMs, { owner: undefined, what: 'nobody to call', run: attempt })
        return
      }
      const by = random.pick(those)
      this.#planned--
      this.#unanswered.set(call, { by, what: call.what })
      const make = (): void => {
        this.#unanswered.delete(call)
        call.make(by)
      }
      scheduler.ready({ owner: by.process, what: call.what, run: make })
    }
    scheduler.after(call.atMs, { owner: undefined, what: 'call', run: attempt })
  }

  #start(by: Connected, workflowId: string, program: Program, delayMs: number): void {
    const { ledger, random, statusOf, fail } = this.#parts
    const options = {
      workflowId, args: [program] as [Program], taskQueue: mainQueue,
      workflowIdConflictPolicy: random.pick(['FAIL', 'FAIL', 'USE_EXISTING', 'TERMINATE_EXISTING'] as const),
      ...(delayMs === 0 ? {} : { startDelay: delayMs }), ...runOptions(program),
    }
    const awaited = random.chance(0.5)
    const starting = this.#asking(by, `the start of ${workflowId}`, by.client.start(runProgram, options))
    const asked: AskedStart = ledger.startAsked(workflowId, by.lastRunId())
    starting.then((handle) => {
      asked.answer = handle.runId === asked.runId ? 'made' : 'refused'
      const runId = asRunId(handle.runId)
      if (statusOf(runId) === undefined) fail(`I3: the start of ${workflowId} was acknowledged, and run ${runId} is not stored`)
      if (random.chance(0.2)) this.#stir(by, workflowId)
      if (awaited) this.#await(by, runId, handle.result())
    }, (error: unknown) => this.#answered(by, asked, error, `start of ${workflowId}`))
  }

  #await(by: Connected, runId: RunId, result: Promise<unknown>): void {
    const { endOf: statusOf, fail, tally } = this.#parts
    this.#asking(by, `the wait for run ${runId}`, result).then(
      () => {
        tally.note('result given')
        if (statusOf(runId) !== 'COMPLETED') fail(`I3: the result of run ${runId} was given, and its status is ${statusOf(runId)}`)
      },
      (error: unknown) => {
        const isEnd = error instanceof WorkflowFailedError
        const status = statusOf(runId) ?? ''
        if (isEnd && ['RUNNING', 'COMPLETED'].includes(status)) fail(`I3: run ${runId} was said to have failed, and is ${status}`)
        else if (!isEnd && answerOf(error) === undefined && !by.process.leaving) fail(`Waiting for run ${runId} failed: ${String(error)}`)
      },
    )
  }

  #signal(by: Connected, workflowId: string): void {
    const { ledger, random, scheduler, tally } = this.#parts
    const id = `s${++this.#signals}`
    const asked: AskedSignal = ledger.signalAsked(workflowId, id)
    this.#asking(by, `signal ${id}`, by.client.signal(workflowId, noted, id)).then(() => {
      asked.answer = 'made'
      asked.answeredAt = scheduler.steps
      tally.note('signal taken')
      if (random.chance(0.2)) this.#stir(by, workflowId)
    }, (error: unknown) => this.#answered(by, asked, error, `signal ${id}`))
  }

  #query(by: Connected, workflowId: string): void {
    const { ledger, fail, tally } = this.#parts
    const before = ledger.signals.filter((signal) => signal.workflowId === workflowId && signal.answer === 'made')
    this.#asking(by, `a query of ${workflowId}`, by.client.query(workflowId, progress)).then(({ seen }) => {
      tally.note('query answered')
      const unknown = seen.find((id) => (
        !id.startsWith('x ') && !ledger.signals.some((signal) => signal.id === id && signal.workflowId === workflowId)))
      if (unknown !== undefined) fail(`A query of ${workflowId} saw signal ${unknown}, which nobody sent to it`)
      // One that timed out was stopped with its messages unread.
      const [status, ...others] = this.#parts.runsOf(workflowId)
      const isPlain = ledger.starts.filter((start) => start.workflowId === workflowId).length === 1 &&
        others.length === 0 && status !== 'TIMED_OUT' && !ledger.ends.some((end) => end.workflowId === workflowId)
      const missing = isPlain ? before.find(({ id }) => !seen.includes(id)) : undefined
      if (missing !== undefined) fail(`Y4: a query of ${workflowId} did not see signal ${missing.id}, acknowledged before it was asked`)
    }, () => undefined)
  }

  /** What the code does then is refused, and none of it stays. */
  #stir(by: Connected, workflowId: string): void {
    const { fail, tally } = this.#parts
    this.#asking(by, `a query that stirs ${workflowId}`, by.client.query(workflowId, stirred)).then(
      () => fail(`A query made ${workflowId} go on, and was answered`),
      (error: unknown) => {
        if (/queries may only read/.test(String(error))) tally.note('query refused')
      },
    )
  }

  #adjustment(): Adjustment {
    const { random } = this.#parts
    return { id: `u${++this.#updates}`, bad: random.chance(0.25), ms: random.pick([0, 0, 1, 300, 5_000]) }
  }

  #update(by: Connected, workflowId: string, adjustment: Adjustment): void {
    const { ledger, fail, tally, hasCompleted } = this.#parts
    const { id, bad } = adjustment
    if (ledger.updates.some((update) => update.id === id)) tally.note('update again')
    const asked = ledger.updateAsked(workflowId, id, bad)
    const updating = by.client.getHandle(workflowId).executeUpdate(adjusted, { updateId: id, args: [adjustment] })
    this.#asking(by, `update ${id} of ${workflowId}`, updating).then((result) => {
      asked.answer = 'made'
      tally.note('update completed')
      if (result !== id || bad) fail(`Update ${id} of ${workflowId} came to ${result}`)
      if (!hasCompleted(id)) fail(`I3: update ${id} of ${workflowId} was answered, and is in no history`)
    }, (error: unknown) => {
      const code = error instanceof PerdureError ? error.code : undefined
      if (code === 'UPDATE_REJECTED') {
        tally.note('update rejected')
        asked.answer = 'refused'
        if (!bad) fail(`Update ${id} of ${workflowId} was rejected: ${String(error)}`)
      } else if (code === 'UPDATE_FAILED') {
        // Its execution closed first, or was cancelled with its handler.
        if (bad) fail(`Update ${id} of ${workflowId} failed with ${String(error)}`)
      } else this.#answered(by, asked, error, `update ${id}`)
    })
  }

  #end(by: Connected, kind: AskedEnd['kind'], workflowId: string): void {
    const asked = this.#parts.ledger.endAsked(kind, workflowId)
    const ending = kind === 'cancel' ? by.client.cancel(workflowId, 'a user') : by.client.terminate(workflowId, 'a user')
    this.#asking(by, `the ${kind} of ${workflowId}`, ending).then(
      () => {
        asked.answer = 'made'
        this.#parts.tally.note(kind === 'cancel' ? 'cancelled' : 'terminated')
      },
      (error: unknown) => this.#answered(by, asked, error, `${kind} of ${workflowId}`),
    )
  }

  #asking<T>(by: Connected, what: string, asked: Promise<T>): Promise<T> {
    this.#unanswered.set(asked, { by, what })
    const answered = (): void => void this.#unanswered.delete(asked)
    asked.then(answered, answered)
    return asked
  }

  #answered(by: Connected, asked: AskedStart | AskedSignal | AskedEnd | AskedUpdate, error: unknown, what: string): void {
    const answer = answerOf(error) ?? (by.process.leaving ? 'unknown' : undefined)
    if (answer === undefined) this.#parts.fail(`The ${what} failed with ${String(error)}`)
    else asked.answer = answer
  }
}

function limitsOf(ops: readonly Op[]): [string, number][] {
  return ops.flatMap((op): [string, number][] => {
    switch (op.do) {
      case 'activity': return [[op.work.id, op.maximumAttempts]]
      case 'cancel': return [[op.activity.work.id, op.activity.maximumAttempts]]
      case 'all':
      case 'race': return limitsOf(op.branches.flat())
      case 'scope': return limitsOf(op.ops)
      default: return []
    }
  })
}

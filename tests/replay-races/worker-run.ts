/** A program's life on a real worker: what its world does to it, and what the store then holds. */
import { asRunId, type EventRecord, type ExecutionRecord, type Store } from '@perdure/engine'
import { ApplicationFailure, CancelledFailure } from '@perdure/workflow'
import type { ManualClock } from '../../packages/engine/test/manual-clock.ts'
import { signalNames, updateNames, type Program } from './program.ts'
import { traceQuery } from './program-workflow.ts'
import type { Random } from './random.ts'
import { openStage, type Attempt, type Stage } from './worker-stage.ts'

export interface WorkerRun {
  readonly record: ExecutionRecord
  readonly log: readonly EventRecord[]
  /** Of an execution that is open, from its memory. */
  readonly trace: readonly string[] | undefined
  /** There are messages that its code did not take in. */
  readonly hasUnread: boolean
}

export interface WorkerRunParts {
  readonly program: Program
  readonly store: Store
  readonly clock: ManualClock
  readonly maxCachedWorkflows: number
  readonly random: Random
  /** One thing after the other, each when the one before has come to rest, and no timer fires: then two such runs are alike. */
  readonly inTurn: boolean
}

const roundsMax = 40
const roundsInTurn = 16
const eventsMax = 10_000
const looksMax = 100

export async function runOnWorker(parts: WorkerRunParts): Promise<WorkerRun> {
  const { random, inTurn, store } = parts
  const stage = await openStage(inTurn ? parts : { ...parts, late: random })
  try {
    const started = await stage.finished(stage.client.start('program', { workflowId: 'w', args: [] }))
    const runId = asRunId(started.runId)
    const record = async (): Promise<ExecutionRecord> => {
      const found = await stage.finished(store.getExecution('test', 'w', runId))
      if (found === undefined) throw new Error('The execution is gone')
      return found
    }
    const world = new World(parts, stage)
    if (inTurn) await stage.quiet()
    for (let round = 0; round < (inTurn ? roundsInTurn : roundsMax) && (await record()).status === 'RUNNING'; round++) await world.round()
    await stage.quiet()
    return await atRest(stage, {
      readRecord: record, readLog: () => store.readHistory(runId, 0, eventsMax),
      hasUnread: async () => (await stage.finished(store.readMessages(runId, 1))).length > 0,
    })
  } finally {
    await stage.close()
  }
}

interface Reads {
  readonly readRecord: () => Promise<ExecutionRecord>
  readonly readLog: () => Promise<readonly EventRecord[]>
  readonly hasUnread: () => Promise<boolean>
}

/** Of one moment: what is asked for may take time, in which more happens. */
async function atRest(
  stage: Stage, { readRecord, readLog, hasUnread }: Reads,
): Promise<WorkerRun> {
  for (let looks = 0; ; looks++) {
    if (looks > looksMax) throw new Error(`After ${looksMax} looks it has not come to rest`)
    const log = await stage.finished(readLog())
    const record = await readRecord()
    const isOpen = record.status === 'RUNNING' && record.held === null
    // It may be held in this very moment: then the query fails, and the next look finds it so.
    const trace = isOpen ? await stage.finished(stage.client.getHandle('w').query(traceQuery), 1).catch(() => undefined) : undefined
    await stage.quiet()
    if (isOpen && trace === undefined && looks < looksMax) continue
    const again = { log: await stage.finished(readLog()), record: await readRecord() }
    const isAsBefore = again.log.length === log.length && again.record.status === record.status
    // Of one that was held meanwhile the query saw messages that it could not take in.
    if (isAsBefore && (again.record.held === null) === (record.held === null)) return { record, log, trace, hasUnread: await hasUnread() }
  }
}

class World {
  readonly #parts: WorkerRunParts
  readonly #stage: Stage
  readonly #sent: Promise<unknown>[] = []
  #signals = 0
  #updates = 0
  #cancelled = false

  constructor(parts: WorkerRunParts, stage: Stage) {
    this.#parts = parts
    this.#stage = stage
  }

  async round(): Promise<void> {
    const { random, inTurn, clock } = this.#parts
    for (let count = inTurn ? 1 : random.weighted([[5, 1], [2, 2], [2, 3], [1, 5]]); count > 0; count--) await this.#act()
    if (inTurn || random.chance(0.3)) {
      for (let looks = inTurn ? 4 : 0; looks > 0; looks--) {
        await this.#stage.quiet()
        await clock.advance(60)
      }
      await this.#stage.quiet()
      await Promise.all(this.#sent.splice(0))
    } else for (let turns = random.integer(12); turns > 0; turns--) await clock.advance(0)
  }

  async #act(): Promise<void> {
    const { random, clock, inTurn, program } = this.#parts
    const { client, attempts } = this.#stage
    const handle = client.getHandle('w')
    // It may have closed meanwhile.
    const send = (sent: Promise<unknown>): void => void this.#sent.push(sent.catch(() => undefined))
    const what = random.weighted([
      [attempts.size > 0 ? 5 : 0, 'activity'], [inTurn ? 0 : 3, 'time'], [inTurn || this.#signals < 12 ? 2 : 0, 'signal'],
      [this.#cancelled ? 0 : 0.15, 'cancel'], [program.updates !== undefined && this.#updates < 8 ? 1 : 0, 'update'],
    ] as const)
    switch (what) {
      case 'activity':
        return this.#end(random.pick([...attempts].sort((one, other) => (one.place < other.place ? -1 : 1))))
      case 'time':
        return clock.advance(random.pick([1, 2, 5, 10, 30, 100]))
      case 'signal':
        return send(handle.signal(random.pick(signalNames), ++this.#signals))
      case 'update':
        // Nobody waits for it: its handler may wait for ever.
        handle.executeUpdate(random.pick(updateNames), { args: [++this.#updates] }).catch(() => undefined)
        return
      case 'cancel':
        this.#cancelled = true
        return send(handle.cancel())
      default:
        what satisfies never
    }
  }

  #end(attempt: Attempt): void {
    const { random } = this.#parts
    random.weighted<() => void>([
      [6, () => attempt.complete(random.integer(3))],
      [2, () => attempt.fail(new Error(`attempt at ${attempt.place} failed`))],
      [1, () => attempt.fail(ApplicationFailure.nonRetryable(`${attempt.place} failed for good`))],
      [attempt.asksToStop() ? 5 : 0, () => attempt.fail(new CancelledFailure('stopped'))],
    ])()
  }
}

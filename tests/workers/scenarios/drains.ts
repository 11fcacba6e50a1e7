/** Workers that leave in good order: what they had in hand goes on elsewhere at once. */
import assert from 'node:assert/strict'
import { availableParallelism, loadavg } from 'node:os'
import type { TestContext } from 'node:test'
import type { AttemptLog, LogLine } from '../attempt-log.ts'
import { takesAll } from '../test-share.ts'
import type { WorkerProcess } from '../worker-processes.ts'
import type { Place, Scenario } from '../worker-suite.ts'
import { call, type CallOutcome, proceed } from '../workflows.ts'

const executions = 51
const kinds = ['signal', 'timer', 'chain'] as const
/** What is forgotten by the worker that leaves waits for its lease, a minute; the rest is for a loaded machine. */
const handoverMsMax = 10_000
/** Of most of them, where nothing else runs beside. */
const handoverMsUsual = 1_000
/** They are due after the worker was told to leave. */
const timerMs = 1_500
const legMs = 100

type Kind = (typeof kinds)[number]

export const drainScenarios: readonly Scenario[] = [
  {
    name: `${executions} executions of a worker that drains go on in another within a second, and nothing runs twice`,
    async run(t, place) {
      const { id, log, engine } = place
      const both = { taskQueues: [id], runs: 'both' } as const
      const leaving = await place.addReady(both)
      const ids = Array.from({ length: executions }, (_, number) => `${id} ${kinds[number % kinds.length] ?? 'chain'}-${number}`)
      await Promise.all(ids.map((workflowId) => leaving.start(commandOf(workflowId, id))))
      await Promise.all(ids.map((workflowId) => log.until(firstStepOf(workflowId), 'end')))
      const staying = await place.addReady(both)
      assert.ok(linesOf(log, ids).every(({ pid }) => pid === leaving.pid), 'until then one worker has all executions')

      await signalAll(place, ids.filter((workflowId) => kindOf(workflowId) === 'timer'))
      const leftAt = Date.now()
      const leave = leaving.drain()
      const signaledAt = await signalAll(place, ids.filter((workflowId) => kindOf(workflowId) === 'signal'))
      await leave
      const goneAt = Date.now()
      await Promise.all(ids.filter((each) => kindOf(each) === 'chain').map((each) => untilItRunsIn(log, each, staying)))
      log.openGate(id)
      const results = await Promise.all(ids.map((workflowId) => engine.workflows.getResult(workflowId)))

      checkOnce(linesOf(log, ids))
      const handovers = ids.flatMap((workflowId, number) => {
        const wantedAt = { signal: signaledAt.get(workflowId), timer: results[number], chain: leftAt }[kindOf(workflowId)]
        return handoverOf(log, workflowId, staying, Math.max(leftAt, Number(wantedAt)))
      })
      checkHandovers(t, handovers, goneAt - leftAt)
    },
  },
]

export const graceScenarios: readonly Scenario[] = [
  {
    name: 'an activity that outlasts the grace time of a worker that drains goes on elsewhere as its next attempt',
    async run(_t, place) {
      const { id, log } = place
      const leaving = await place.addReady({ taskQueues: [id], worker: { shutdownGraceTime: 600 } })
      const retry = { initialInterval: 1 }
      const options = { taskQueue: id, startToCloseTimeout: '1 minute', heartbeatTimeout: '30 seconds', retry } as const
      const calls = await Promise.all((['goes on', 'throws', 'cleans up'] as const).map(async (whenCancelled) => {
        const key = `${id} ${whenCancelled}`
        return place.startAs(key, call, 'hold', [key, { whenCancelled, beatMs: 20, beatsMax: 1, shortFrom: 2 }], options)
      }))
      for (const { workflowId } of calls) {
        await place.described(workflowId, ({ pendingActivities: [pending] }) => pending?.heartbeatDetails !== undefined)
      }
      const staying = await place.addReady({ taskQueues: [id] })
      await leaving.drain()
      const outcomes = await Promise.all(calls.map((handle) => handle.result() as Promise<CallOutcome>))
      assert.deepEqual(outcomes.map(({ result }) => result), ['done', 'done', 'cleaned up'])
      for (const { workflowId } of calls) {
        const [first, second] = log.of(workflowId, 'begin')
        assert.equal(first?.pid, leaving.pid)
        if (workflowId.endsWith('cleans up')) assert.equal(second, undefined, 'what it returned when it was asked to stop counts')
        else assert.deepEqual([second?.attempt, second?.pid, second?.value], [2, staying.pid, { beat: 1 }])
      }
    },
  },
]

function kindOf(workflowId: string): Kind {
  const kind = kinds.find((each) => workflowId.includes(` ${each}-`))
  assert.ok(kind !== undefined)
  return kind
}

function commandOf(workflowId: string, gate: string): { workflow: string; workflowId: string; args: readonly unknown[] } {
  switch (kindOf(workflowId)) {
    case 'signal': return { workflow: 'stepAfterSignal', workflowId, args: [] }
    case 'timer': return { workflow: 'stepAfterTimer', workflowId, args: [timerMs] }
    case 'chain': return { workflow: 'chain', workflowId, args: [gate, legMs] }
  }
}

function firstStepOf(workflowId: string): string {
  return `${workflowId} ${kindOf(workflowId) === 'chain' ? '1' : 'before'}`
}

/** When each was acknowledged. */
async function signalAll({ engine }: Place, workflowIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  return new Map(await Promise.all(workflowIds.map(async (workflowId) => {
    await engine.workflows.signal(workflowId, proceed)
    return [workflowId, Date.now()] as const
  })))
}

function linesOf(log: AttemptLog, workflowIds: readonly string[]): readonly LogLine[] {
  return log.read().filter(({ workflowId }) => workflowIds.includes(workflowId))
}

async function untilItRunsIn(log: AttemptLog, workflowId: string, worker: WorkerProcess): Promise<void> {
  await log.untilSome((line) => line.workflowId === workflowId && line.pid === worker.pid)
}

/** Each step has one attempt, and one end. */
function checkOnce(lines: readonly LogLine[]): void {
  for (const [key, each] of Map.groupBy(lines, (line) => line.key)) {
    assert.deepEqual(each.map(({ event, attempt }) => [event, attempt]), [['begin', 1], ['end', 1]], key)
  }
}

interface Handover {
  readonly workflowId: string
  /** From when it was wanted to its first step in the new worker. */
  readonly lateMs: number
}

/** By others: then the numbers are told, and say nothing about workers. */
function isOverloaded(): boolean {
  return (loadavg()[0] ?? 0) > 4 * availableParallelism()
}

/** None for what the old worker ended before it left. */
function handoverOf(log: AttemptLog, workflowId: string, staying: WorkerProcess, wantedAt: number): readonly Handover[] {
  const first = log.read().find((line) => line.workflowId === workflowId && line.event === 'begin' && line.pid === staying.pid)
  return first === undefined ? [] : [{ workflowId, lateMs: first.at - wantedAt }]
}

function checkHandovers(t: TestContext, handovers: readonly Handover[], goneMs: number): void {
  t.diagnostic(`gone after ${goneMs} ms`)
  for (const kind of kinds) {
    const late = handovers.filter(({ workflowId }) => kindOf(workflowId) === kind).map(({ lateMs }) => lateMs).sort((a, b) => a - b)
    const [median = Infinity, most = Infinity] = [late[late.length >> 1], late.at(-1)]
    t.diagnostic(`${late.length} of kind ${kind} went on elsewhere after ${median} ms, at most ${most}`)
    assert.ok(most <= handoverMsMax, `one of kind ${kind} went on after ${most} ms`)
    if (takesAll && !isOverloaded()) assert.ok(median <= handoverMsUsual, `those of kind ${kind} went on after ${median} ms`)
  }
}

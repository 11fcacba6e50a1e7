/** Activity workers that are killed (-9) while they run activities of another worker's workflows. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { WorkflowHandle } from 'perdure'
import { createRandom } from '../../../packages/testing/src/simulation/random-numbers.ts'
import type { LogLine } from '../attempt-log.ts'
import { type AttemptCounts, type AttemptFacts, checkAttempts, type Kill } from '../attempt-checks.ts'
import { sized } from '../test-share.ts'
import type { WorkerProcess } from '../worker-processes.ts'
import type { Place, Scenario } from '../worker-suite.ts'
import { call, tenSteps, type TenSteps } from '../workflows.ts'

const kills = sized({ all: 7, share: 2 })
const workflowsPerKill = 3
const workersAtOnce = 3
/** Most steps take about as long. */
const pauseMsMax = 250
/** A dead process is noticed when its lease has not moved for two ticks; its lease of a minute has nothing to do with it. */
const takeoverMsMax = 20_000

export const killScenarios: readonly Scenario[] = [
  {
    name: `${kills} kills of activity workers lose none of ${kills * workflowsPerKill * 10} activities, and count their attempts rightly`,
    async run(t, place) {
      const seed = Number(process.env['PERDURE_SEED'] ?? Date.now() % 1_000_000)
      t.diagnostic(`PERDURE_SEED=${seed}`)
      const calledAt = Date.now()
      const { handles, killed } = await killAndGoOn(place, createRandom(seed))
      const results = await Promise.all(handles.map((handle) => handle.result() as Promise<TenSteps>))
      const counts: AttemptCounts[] = []
      for (const [index, handle] of handles.entries()) {
        const tokens = results[index]?.tokens ?? {}
        assert.equal(Object.keys(tokens).length, 10)
        counts.push(...await checkSteps(place, handle, tokens, { calledAt, kills: killed }))
      }
      const lost = results.flatMap(({ tokens }) => Object.values(tokens)).filter((token) => token === 'lost').length
      checkRun(t, counts, lost)
    },
  },
]

export const killedBeatScenarios: readonly Scenario[] = [
  {
    name: 'the heartbeat details of a worker that is killed reach the next attempt, elsewhere',
    isLong: true,
    async run(_t, place) {
      const { id, log } = place
      const taskQueues = [`${id} activities`]
      const first = await place.addReady({ taskQueues })
      const options = { taskQueue: `${id} activities`, startToCloseTimeout: '1 minute', heartbeatTimeout: '30 seconds' } as const
      const handle = await place.start(call, 'hold', [id, { whenCancelled: 'throws', beatMs: 1, beatsMax: 1, shortFrom: 2 }], options)
      await place.described(id, ({ pendingActivities: [pending] }) => pending?.heartbeatDetails !== undefined)
      await first.kill()
      const second = await place.addReady({ taskQueues })
      assert.equal((await handle.result() as { readonly result: unknown }).result, 'done')
      const begins = log.of(id, 'begin').map(({ attempt, pid, value }) => ({ attempt, pid, value }))
      assert.deepEqual(begins, [
        { attempt: 1, pid: first.pid, value: undefined }, { attempt: 2, pid: second.pid, value: { beat: 1 } },
      ])
    },
  },
]

/** Starts workflows in waves, and kills one of three workers in each. */
async function killAndGoOn(place: Place, random: () => number): Promise<{ handles: readonly WorkflowHandle[]; killed: readonly Kill[] }> {
  const { id, log } = place
  const queue = `${id} activities`
  const add = (): WorkerProcess => place.add({ taskQueues: [queue], worker: { maxConcurrentActivities: 4 } })
  const workers = Array.from({ length: workersAtOnce }, add)
  const [handles, killed]: [WorkflowHandle[], Kill[]] = [[], []]
  for (let kill = 1; kill <= kills; kill++) {
    const next = kill < kills ? add() : undefined
    await Promise.all(workers.map((worker) => worker.ready))
    for (let start = 1; start <= workflowsPerKill; start++) handles.push(await place.startAs(`${id} ${kill}-${start}`, tenSteps, queue))
    await log.untilSome(({ event, workflowId }) => event === 'begin' && workflowId.startsWith(`${id} ${kill}-`))
    await pause(random() * pauseMsMax)
    const busy = underWay(log.read())
    const candidates = workers.some(({ pid }) => busy.has(pid)) ? workers.filter(({ pid }) => busy.has(pid)) : workers
    const victim = candidates[Math.floor(random() * candidates.length)]
    assert.ok(victim !== undefined)
    workers.splice(workers.indexOf(victim), 1)
    killed.push({ pid: victim.pid, at: Date.now() })
    await victim.kill()
    if (next !== undefined) workers.push(next)
  }
  return { handles, killed }
}

/** Processes that run an attempt, by what they have told. */
function underWay(lines: readonly LogLine[]): ReadonlySet<number> {
  const open = new Map<string, number>()
  for (const { event, key, attempt, pid } of lines) {
    if (event === 'begin') open.set(`${key} ${attempt}`, pid)
    else if (event === 'end') open.delete(`${key} ${attempt}`)
  }
  return new Set(open.values())
}

async function checkSteps(
  { engine, log }: Place, handle: WorkflowHandle, tokens: TenSteps['tokens'], run: Pick<AttemptFacts, 'calledAt' | 'kills'>,
): Promise<AttemptCounts[]> {
  const attempts = new Map<string, number>()
  const history = await engine.workflows.history(handle.workflowId)
  for (const { eventType, attributes } of history) {
    if (!['ActivityTaskCompleted', 'ActivityTaskTimedOut'].includes(eventType)) continue
    const scheduled = history[Number(attributes['scheduledEventId']) - 1]
    assert.ok(scheduled !== undefined, `${handle.workflowId}: an activity ended that was never scheduled`)
    const [key] = scheduled.attributes['input'] as readonly [string]
    const started = history[Number(attributes['startedEventId']) - 1]?.attributes
    assert.ok(!attempts.has(key), `${key} ended twice`)
    attempts.set(key, Number(started?.['attempt']))
    assert.equal(tokens[key] === 'lost', eventType === 'ActivityTaskTimedOut')
  }
  return Object.entries(tokens).map(([key, result]) => {
    const maximumAttempts = key.endsWith('once') ? 1 : key.endsWith('twice') ? 2 : 0
    const attempt = attempts.get(key)
    assert.ok(attempt !== undefined, `${key} is not in the history`)
    return checkAttempts(log.of(key), { key, ...run, maximumAttempts, result, attempt })
  })
}

/** The run has shown what it is for. */
function checkRun(t: TestContext, counts: readonly AttemptCounts[], lost: number): void {
  const sum = (which: 'cutOff' | 'unseen'): number => counts.reduce((total, each) => total + each[which], 0)
  const takeoverMs = counts.flatMap((each) => each.takeoverMs).sort((a, b) => a - b)
  const [median, most] = [takeoverMs[takeoverMs.length >> 1], takeoverMs.at(-1) ?? 0]
  t.diagnostic(`${sum('cutOff')} attempts cut off, ${sum('unseen')} before they began, ${lost} lost`)
  t.diagnostic(`the next attempt began ${median} ms after the kill, at most ${most}`)
  assert.equal(counts.length, kills * workflowsPerKill * 10)
  assert.ok(sum('cutOff') >= kills / 2, 'kills cut off activities')
  assert.ok(most < takeoverMsMax, `an attempt that was cut off was followed ${most} ms later`)
}

/** Task queues, workers and namespaces from the command line. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { TaskQueueDescription, WorkerDescription } from '@perdure/engine'
import { queueTable, queueText } from '../src/cli/queue-text.ts'
import { workerTable } from '../src/cli/worker-text.ts'
import { runHere } from './cli-here.ts'
import { folder, run, start } from './cli-process.ts'

function inFolder(t: TestContext, cwd: string) {
  return async (line: string) => {
    const { code, stdout, stderr } = await runHere(t, line.split(' '), { cwd })
    assert.deepEqual([code, stderr], [0, ''], line)
    return stdout
  }
}

test('a queue with a worker and one without are listed and described, and what nobody serves is told', async (t) => {
  const cwd = folder(t, { 'workflows.ts': 'export async function nap() { await new Promise(() => {}) }' })
  const worker = start(['worker', 'start', '-t', 'served', '-t', 'other'], { cwd })
  t.after(() => worker.child.kill('SIGKILL'))
  await worker.printed(/Worker started/)
  const here = inFolder(t, cwd)
  await runHere(t, ['workflow', 'start', '--type', 'nap', '-w', 'nap-1', '-t', 'nobody'], { cwd })

  const { code, stdout: list } = await run(['task-queue', 'list'], { cwd })
  assert.equal(code, 0)
  assert.match(list, /^TASK QUEUE +WORKERS +EXECUTIONS +ACTIVITIES +RUNNING +LIMITS\nnobody +0 +1 +0 +0 +-\nother +1 +0 /)
  assert.match(list, /\nserved +1 +0 +0 +0 +-\n/)
  assert.match(list, /\n\n1 problem\n {2}1 execution waits, and no worker serves task queue 'nobody': start one\n$/)
  const nobody = await here('task-queue describe -t nobody')
  assert.match(nobody, /^Task queue +nobody\nNamespace +default\nLimits +none over all workers\nExecutions +1 waiting, since \d/)
  assert.match(nobody, /\n1 problem\n/)
  const { workers, problems } = JSON.parse(await here('task-queue describe -t served -o json')) as TaskQueueDescription
  assert.deepEqual([workers.length, problems], [1, []])

  const { stdout: listed } = await run(['worker', 'list', '-t', 'served'], { cwd })
  assert.match(listed, /^STATE +IDENTITY +TASK QUEUES +SERVES +UP +SEEN\nalive +\S+ +served, other +1 workflow, 0 activities /)
  assert.match(await here('worker list -t nobody'), /^No worker serves the task queue nobody in .* default; .*npx perdure worker start\n$/)
  const [only] = (JSON.parse(await here('worker list -o json')) as { workers: WorkerDescription[] }).workers
  assert.deepEqual([only?.taskQueues, only?.workflowTypes, only?.alive], [['served', 'other'], ['nap'], true])
})

test('limits of a queue are set, shown and taken away', async (t) => {
  const cwd = folder(t)
  const here = inFolder(t, cwd)
  await here('migrate')
  assert.match(await here('task-queue limit -t mail --activities-per-second 0.5 --max-concurrent-activities 3'),
    /\nLimits +0\.5 activities\/s, 3 at once\nUsed +0 activities a second\n/)
  assert.match(await here('task-queue limit -t mail --activities-per-second none'), /\nLimits +3 at once\n/)
  const { limits } = JSON.parse(await here('task-queue describe -t mail -o json')) as TaskQueueDescription
  assert.deepEqual(limits, { activitiesPerSecond: null, maxConcurrentActivities: 3 })
  for (const wrong of [[], ['--activities-per-second', '0'], ['--max-concurrent-activities', '1.5'], ['--activities-per-second', 'many']]) {
    const { code, stderr } = await runHere(t, ['task-queue', 'limit', '-t', 'mail', ...wrong], { cwd })
    assert.equal(code, 1)
    assert.match(stderr, /^error USAGE_INVALID: .*(Give a limit|a number above 0|a whole number from 1)/)
  }
  const tooFast = await runHere(t, ['task-queue', 'limit', '-t', 'mail', '--activities-per-second', '1e9'], { cwd })
  assert.match(tooFast.stderr, /^error QUEUE_LIMITS_INVALID: .*'mail'/)
})

test('a namespace is created, listed and described, and refused where it is not there', async (t) => {
  const cwd = folder(t, { 'perdure.yaml': 'namespace: market\n' })
  const missing = await runHere(t, ['migrate'], { cwd })
  assert.equal(missing.code, 0)
  const refused = await runHere(t, ['workflow', 'list'], { cwd })
  assert.match(refused.stderr, /^error NAMESPACE_NOT_FOUND: .*npx perdure namespace create market\n$/)
  const created = await run(['namespace', 'create', 'market', '--description', 'Orders of the market', '--retention', '3 days'], { cwd })
  assert.deepEqual([created.code, created.stdout], [0, 'Created the namespace market\n'])
  const here = inFolder(t, cwd)
  assert.match(await here('namespace list'), /^NAME +CREATED +RETENTION +DESCRIPTION\ndefault .* for ever.*\nmarket .* 3d 0h +Orders of /)
  assert.match(await here('namespace describe'), /^Name +market\nCreated +\S+ \S+\nRetention +3d 0h\nDescription +Orders of the market\n$/)
  const { createTime, ...described } = JSON.parse(await here('namespace describe default -o json')) as { createTime: string }
  assert.deepEqual([typeof createTime, described], ['string', { name: 'default', description: '' }])
  assert.equal(await here('workflow list'), 'No executions\n')
  const failures: readonly [string, RegExp][] = [
    ['namespace create market', /^error NAMESPACE_EXISTS: /], ['namespace create a/b', /^error NAMESPACE_INVALID: .*'a\/b'/],
    ['namespace create', /^error USAGE_INVALID: missing required argument 'name'/],
    ['namespace create a b', /^error USAGE_INVALID: too many arguments/],
    ['namespace describe markt', /^error NAMESPACE_NOT_FOUND: .*did you mean 'market'\?/],
  ]
  for (const [line, message] of failures) assert.match((await runHere(t, line.split(' '), { cwd })).stderr, message)
})

test('queues and workers fit a terminal of 80 columns', () => {
  const now = new Date('2026-11-21T10:00:00Z')
  const before = new Date('2026-11-21T09:00:00Z')
  const worker: WorkerDescription = {
    incarnation: 1, identity: '12345@a-long-name-of-a-machine.example', buildId: 'b'.repeat(64), alive: false, startTime: before,
    lastSeenTime: before, taskQueues: ['one-queue', 'another-queue', 'a-third-queue'], workflowTypes: ['a', 'b'], activityTypes: ['c'],
  }
  const queue: TaskQueueDescription = {
    namespace: 'default', taskQueue: 'a-queue-with-a-name-that-is-as-long-as-names-get', workers: [worker],
    limits: { activitiesPerSecond: 0.5, maxConcurrentActivities: 10 }, activitiesPerSecondUsed: 0.25,
    executions: { waiting: 12, waitingSince: before },
    problems: [`1 activity of type 'chargeTheCard' waits, and ${'very '.repeat(20)}long`],
    activities: {
      waiting: 1, waitingSince: before, delayed: 2, running: 3,
      types: [{ activityType: 'chargeTheCard', waiting: 1, waitingSince: before, delayed: 2, served: false }],
    },
  }
  const texts = [workerTable([worker], now, 80), queueTable([queue], 80), queueText(queue, now, 80)]
  for (const line of texts.join('\n').split('\n')) assert.ok(line.length <= 80, line)
  assert.match(texts.join('\n'), /dead/)
  assert.match(queueText(queue, now, undefined), /\nWaiting activities\n {2}TYPE .*\n {2}chargeTheCard +1 +1h 00m +2 +no\n/)
})

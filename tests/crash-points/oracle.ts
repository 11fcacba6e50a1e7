/** What must hold after a process died, or lost an answer, at any statement: pure checks of the evidence. */
import assert from 'node:assert/strict'
import type { Evidence, Held, Snapshot } from './evidence.ts'
import type { Line } from './journal.ts'
import { familyEnds, type Outcome } from './workflows.ts'

type Ran = Extract<Line, { what: 'ran' }>

export function judge(evidence: Evidence): void {
  checkNothingIsForgotten(evidence.before)
  checkStarts(evidence)
  for (const held of evidence.after.executions) {
    checkHistory(held, evidence.before)
    checkStatus(held, evidence.journal)
    checkSteps(held, evidence.journal)
    checkSignals(held, evidence.journal)
  }
  checkResults(evidence)
  checkFamilies(evidence.after)
  checkChains(evidence.after)
  checkLeft(evidence)
}

/** Types of workflows that wait for a message, or for an activity that is completed from outside. */
const awaitingMessages = ['gather']

/** I8: whatever is open is owned by somebody who lives, or has a wake time, or is held, or waits for what can still come. */
function checkNothingIsForgotten({ executions, workers }: Snapshot): void {
  const living = new Set(workers.filter(worker => worker.alive).map(worker => worker.incarnation))
  for (const { execution, tasks, inbox } of executions) {
    const { owner, wakeAt, held, status, workflowId, workflowType, runId } = execution
    if (status !== 'RUNNING') continue
    const awaitsChild = executions.some(({ execution: child }) => child.parent?.runId === runId && child.status === 'RUNNING')
    const comes = wakeAt !== null || held !== null || tasks.length > 0 || inbox.length > 0 || awaitsChild ||
      awaitingMessages.includes(workflowType)
    assert.ok(owner === null ? comes : living.has(owner), `execution ${workflowId} is open, and nobody will ever run it (I8)`)
  }
}

function checkStarts({ journal, after: { executions } }: Evidence): void {
  for (const line of journal) {
    if (line.what !== 'started') continue
    const found = executions.filter(({ execution }) => execution.runId === line.runId)
    assert.equal(found.length, 1, `run ${line.runId} of ${line.workflowId} was acknowledged, and is there ${found.length} times`)
  }
  const chains = executions.filter(({ execution: { runId, firstRunId, parent } }) => runId === firstRunId && parent === null)
  for (const [workflowId, runs] of Map.groupBy(chains, ({ execution }) => execution.workflowId)) {
    const asked = journal.filter(line => line.what === 'start asked' && line.workflowId === workflowId).length
    assert.ok(runs.length <= asked, `${workflowId} was started ${asked} times, and has ${runs.length} runs`)
  }
}

/** Every child is there once, knows of its parent, and ended as its parent, or the policy of its parent's close, would have it. */
function checkFamilies({ executions }: Snapshot): void {
  for (const { execution: { runId, workflowId, result, workflowType } } of executions) {
    if (workflowType !== 'family') continue
    const children = executions.filter(({ execution: { parent } }) => parent?.runId === runId)
    const names = Object.keys(familyEnds).map(name => `${workflowId} ${name}`)
    assert.deepEqual(new Set(children.map(({ execution: child }) => child.workflowId)), new Set(names), `${workflowId} has other children`)
    assert.equal(children.length, names.length, `a child of ${workflowId} was started twice`)
    for (const { execution: { workflowId: id, status } } of children) {
      const end = familyEnds[id.slice(workflowId.length + 1) as keyof typeof familyEnds]
      assert.equal(status, end, `child ${id} ended otherwise than it should`)
    }
    const { values = [] } = JSON.parse(result ?? '{}') as Partial<Outcome>
    assert.deepEqual(values, [1, 2, 3, 1, 1, 1], `signals or requests of ${workflowId} were lost, doubled or not answered`)
  }
}

/** Each run goes on in one that names it, or is the last; attempts and values go on from run to run. */
function checkChains({ executions }: Snapshot): void {
  for (const [firstRunId, runs] of Map.groupBy(executions, ({ execution }) => execution.firstRunId)) {
    const before = runs.map(({ execution: { details } }) => (
      details === null ? undefined : (JSON.parse(details) as { readonly continuedFrom?: string }).continuedFrom))
    const { workflowId, workflowType } = runs[0]?.execution ?? assert.fail('an empty group')
    const length = chainLengths[workflowType]?.[workflowId] ?? 1
    assert.equal(runs.length, length, `the chain of ${workflowId} has ${runs.length} runs instead of ${length}`)
    assert.equal(new Set(before).size, runs.length, `the chain of ${workflowId} forks`)
    assert.equal(runs.filter(({ execution }) => execution.runId === firstRunId).length, 1, `the chain of ${workflowId} has no beginning`)
    const last = runs.find(({ execution }) => !before.includes(execution.runId))
    if (workflowType !== 'relay') continue
    const { values } = JSON.parse(last?.execution.result ?? '{}') as Partial<Outcome>
    assert.deepEqual(values, Array.from({ length }, (_, index) => length - index), `the chain of ${workflowId} has a gap`)
  }
}

const chainLengths: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  relay: { own: 3, free: 2 }, retried: { retried: 2 }, stuck: { stuck: 2 },
}

/** Besides COMPLETED, for those that end so by themselves. */
const otherEnds: Readonly<Record<string, readonly string[]>> = {
  relay: ['CONTINUED_AS_NEW'], retried: ['FAILED'], stuck: ['TIMED_OUT'],
}

/** What was recorded is the beginning of what is recorded at the end, without gaps. */
function checkHistory({ execution: { runId, workflowId }, history }: Held, before: Snapshot): void {
  const earlier = before.executions.find(one => one.execution.runId === runId)?.history ?? []
  assert.deepEqual(history.slice(0, earlier.length), earlier, `the history of ${workflowId} lost or changed what was recorded`)
  assert.deepEqual(history.map(event => event.seq), history.map((_, index) => index + 1), `the history of ${workflowId} has gaps`)
}

function checkStatus({ execution: { status, workflowId, workflowType, held, parent } }: Held, journal: readonly Line[]): void {
  const story = `${workflowType} ${workflowId} is ${status}`
  const told = (what: Line['what']) => journal.some(line => line.what === what && line.workflowId === workflowId)
  const ends = ['COMPLETED', 'CANCELLED', 'TERMINATED', ...otherEnds[workflowType] ?? []]
  assert.ok(ends.includes(status), `${story} (${held?.reason ?? 'not held'})`)
  if (parent !== null && parent.closePolicy !== 'ABANDON') return // checkFamilies
  if (status === 'CANCELLED') assert.ok(told('cancel asked'), `${story}, and nobody asked for it`)
  if (status === 'TERMINATED') assert.ok(told('terminate asked'), `${story}, and nobody asked for it`)
  if (['sleeper', 'working'].includes(workflowType)) assert.notEqual(status, 'COMPLETED', `${story}, which it does not by itself`)
  const runs = journal.filter(line => line.what === 'start asked' && line.workflowId === workflowId).length
  if (runs === 1 && told('terminate acknowledged')) assert.equal(status, 'TERMINATED', `${story}, and its end was acknowledged`)
}

/** Of each step the last attempt is the one that counts: none began after its result was recorded. */
function checkSteps({ execution: { runId, workflowId, status, result }, history }: Held, journal: readonly Line[]): void {
  const ran = journal.filter((line): line is Ran => line.what === 'ran' && line.runId === runId)
  for (const [step, attempts] of Map.groupBy(ran, line => line.step)) {
    const numbers = attempts.map(line => line.attempt)
    assert.deepEqual(numbers, [...new Set(numbers)].toSorted((a, b) => a - b), `attempts of step ${step} of ${workflowId} go up`)
    if (step === 'once') assert.equal(numbers.length, 1, `a step of ${workflowId} that may run only once ran ${numbers.length} times`)
    assert.notEqual(step, 'never', `a step of ${workflowId} ran that nobody serves`)
  }
  if (status !== 'COMPLETED' || result === null) return
  const { tokens } = JSON.parse(result) as Outcome
  for (const [step, token] of Object.entries(tokens)) {
    const last = ran.findLast(line => line.step === step)
    assert.equal(token, last?.token, `${workflowId} has the result of another attempt of step ${step} than the last`)
    assert.ok(history.some(event => event.data.includes(token)), `step ${step} of ${workflowId} is not in its history`)
  }
  if ('made good' in tokens) assert.ok(!('once' in tokens), `${workflowId} made good for what was not lost`)
}

/** Acknowledged signals are there once, in their order; others at most once. */
function checkSignals({ execution: { workflowId, workflowType, status, result, parent } }: Held, journal: readonly Line[]): void {
  if (workflowType !== 'gather' || parent !== null || status !== 'COMPLETED' || result === null) return
  const { values = [] } = JSON.parse(result) as Outcome
  const told = (what: 'signal asked' | 'signal acknowledged' | 'update rejected') => (
    journal.flatMap(line => (line.what === what && line.workflowId === workflowId ? [line.value] : [])))
  const [asked, acknowledged] = [told('signal asked'), told('signal acknowledged')]
  assert.equal(new Set(values).size, values.length, `signals of ${workflowId} arrived twice: ${values.join(' ')}`)
  assert.deepEqual(values.filter(value => !asked.includes(value)), [], `signals of ${workflowId} that nobody sent`)
  assert.deepEqual(told('update rejected').filter(value => value > 0), [], `updates of ${workflowId} were rejected`)
  assert.deepEqual(values.filter(value => value < 0), [], `updates of ${workflowId} that were to be rejected arrived`)
  assert.deepEqual(acknowledged.filter(value => !values.includes(value)), [], `acknowledged signals of ${workflowId} are lost`)
  // Each sender counts upwards, one below ten and one above.
  for (const isOne of [(value: number) => value < 10, (value: number) => value >= 10 && value < 100]) {
    const arrived = values.filter(value => isOne(value) && acknowledged.includes(value))
    assert.deepEqual(arrived, arrived.toSorted((a, b) => a - b), `signals of ${workflowId} arrived in another order`)
  }
}

/** What a client was told is what is stored. */
function checkResults({ journal, after: { executions } }: Evidence): void {
  for (const line of journal) {
    if (line.what !== 'result' || typeof line.result === 'string') continue
    const { workflowId, result } = line
    const isStored = executions.some(({ execution }) => execution.workflowId === workflowId && execution.result === JSON.stringify(result))
    assert.ok(isStored, `a client was told of another result of ${workflowId} than is stored`)
  }
}

function checkLeft({ left, after: { workers } }: Evidence): void {
  assert.deepEqual(left, { inbox: 0, activity_tasks: 0, files: 0 }, 'rows or files are left over')
  assert.deepEqual(workers.filter(worker => worker.alive).map(worker => worker.identity), [], 'workers are left over')
}

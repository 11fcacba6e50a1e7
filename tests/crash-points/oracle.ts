/** What must hold after a process died, or lost an answer, at any statement: pure checks of the evidence. */
import assert from 'node:assert/strict'
import type { Evidence, Held, Snapshot } from './evidence.ts'
import type { Line } from './journal.ts'
import type { Outcome } from './workflows.ts'

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
  checkLeft(evidence)
}

/** Types of workflows that wait for a message, or for an activity that is completed from outside. */
const awaitingMessages = ['gather']

/** I8: whatever is open is owned by somebody who lives, or has a wake time, or is held, or waits for what can still come. */
function checkNothingIsForgotten({ executions, workers }: Snapshot): void {
  const living = new Set(workers.filter(worker => worker.alive).map(worker => worker.incarnation))
  for (const { execution, tasks, inbox } of executions) {
    const { owner, wakeAt, held, status, workflowId, workflowType } = execution
    if (status !== 'RUNNING') continue
    const comes = wakeAt !== null || held !== null || tasks.length > 0 || inbox.length > 0 || awaitingMessages.includes(workflowType)
    assert.ok(owner === null ? comes : living.has(owner), `execution ${workflowId} is open, and nobody will ever run it (I8)`)
  }
}

function checkStarts({ journal, after: { executions } }: Evidence): void {
  for (const line of journal) {
    if (line.what !== 'started') continue
    const found = executions.filter(({ execution }) => execution.runId === line.runId)
    assert.equal(found.length, 1, `run ${line.runId} of ${line.workflowId} was acknowledged, and is there ${found.length} times`)
  }
  for (const [workflowId, runs] of Map.groupBy(executions, ({ execution }) => execution.workflowId)) {
    const asked = journal.filter(line => line.what === 'start asked' && line.workflowId === workflowId).length
    assert.ok(runs.length <= asked, `${workflowId} was started ${asked} times, and has ${runs.length} runs`)
  }
}

/** What was recorded is the beginning of what is recorded at the end, without gaps. */
function checkHistory({ execution: { runId, workflowId }, history }: Held, before: Snapshot): void {
  const earlier = before.executions.find(one => one.execution.runId === runId)?.history ?? []
  assert.deepEqual(history.slice(0, earlier.length), earlier, `the history of ${workflowId} lost or changed what was recorded`)
  assert.deepEqual(history.map(event => event.seq), history.map((_, index) => index + 1), `the history of ${workflowId} has gaps`)
}

function checkStatus({ execution: { status, workflowId, workflowType, held } }: Held, journal: readonly Line[]): void {
  const story = `${workflowType} ${workflowId} is ${status}`
  const told = (what: Line['what']) => journal.some(line => line.what === what && line.workflowId === workflowId)
  assert.ok(['COMPLETED', 'CANCELLED', 'TERMINATED'].includes(status), `${story} (${held?.reason ?? 'not held'})`)
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
function checkSignals({ execution: { workflowId, workflowType, status, result } }: Held, journal: readonly Line[]): void {
  if (workflowType !== 'gather' || status !== 'COMPLETED' || result === null) return
  const { values = [] } = JSON.parse(result) as Outcome
  const told = (what: 'signal asked' | 'signal acknowledged') => (
    journal.flatMap(line => (line.what === what && line.workflowId === workflowId ? [line.value] : [])))
  const [asked, acknowledged] = [told('signal asked'), told('signal acknowledged')]
  assert.equal(new Set(values).size, values.length, `signals of ${workflowId} arrived twice: ${values.join(' ')}`)
  assert.deepEqual(values.filter(value => !asked.includes(value)), [], `signals of ${workflowId} that nobody sent`)
  assert.deepEqual(acknowledged.filter(value => !values.includes(value)), [], `acknowledged signals of ${workflowId} are lost`)
  // Each sender counts upwards, one below ten and one above.
  for (const isOne of [(value: number) => value < 10, (value: number) => value >= 10]) {
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

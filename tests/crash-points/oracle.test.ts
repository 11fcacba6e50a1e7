/** The checks find what they are for. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { asIncarnation, asRunId } from '@perdure/engine'
import type { ExecutionRecord, WorkerRecord } from '@perdure/engine'
import { payload } from '../conformance/arena.ts'
import type { Evidence, Held } from './evidence.ts'
import type { Line } from './journal.ts'
import { judge } from './oracle.ts'
import { familyEnds } from './workflows.ts'

const run = asRunId('00000000-0000-4000-8000-000000000001')
const [workflowId, runId] = ['w', run]
const ran = (step: string, attempt: number, token = `${step}-${attempt}`): Line => (
  { what: 'ran', workflowId, runId, step, attempt, token })
const event = (seq: number, data: string) => ({ seq, type: 'ActivityTaskCompleted', at: 1, data })

const outcome = { values: [1, 2], tokens: { last: 'last-1', once: 'once-1' } }
const journal: readonly Line[] = [
  { what: 'start asked', workflowId }, { what: 'started', workflowId, runId },
  { what: 'signal asked', workflowId, value: 1 }, { what: 'signal acknowledged', workflowId, value: 1 },
  { what: 'signal asked', workflowId, value: 2 }, { what: 'signal acknowledged', workflowId, value: 2 },
  { what: 'signal asked', workflowId, value: 3 },
  ran('once', 1), ran('last', 1), { what: 'result', workflowId, result: outcome },
]

function held(execution: Partial<ExecutionRecord> = {}, others: Partial<Held> = {}): Held {
  return {
    execution: {
      namespace: 'default', workflowId, runId: run, workflowType: 'gather', taskQueue: 'default', status: 'COMPLETED', priority: 3,
      owner: null, wakeAt: null, held: null, input: payload([]), result: payload(outcome), failure: null, memo: null,
      searchAttributes: null, firstRunId: run, parent: null, expiresAt: null, details: null, takeovers: 0, startedAt: 1, firstTaskAt: 1,
      closedAt: 2, ...execution,
    },
    history: [event(1, 'once-1'), event(2, 'last-1')], tasks: [], inbox: [], ...others,
  }
}

const dead: WorkerRecord = {
  incarnation: asIncarnation(1), identity: 'under test', buildId: 'b', taskQueues: [], workflowTypes: [], activityTypes: [], leaseMs: 1,
  startedAt: 1, renewedAt: 1, tickedAt: 1, alive: false,
}

function evidence(changed: Partial<Evidence> & { readonly executions?: readonly Held[] } = {}): Evidence {
  const { executions = [held()], ...others } = changed
  return {
    journal, before: { executions: [], workers: [] }, after: { executions, workers: [dead] },
    left: { inbox: 0, activity_tasks: 0, files: 0 }, ...others,
  }
}

const told = (...lines: readonly Line[]) => evidence({ journal: [...journal, ...lines] })
const given = (result: object) => evidence({
  executions: [held({ result: payload({ ...outcome, ...result }) })], journal: journal.filter(line => line.what !== 'result'),
})
const open = (execution: Partial<ExecutionRecord>, alive = true) => evidence({
  before: {
    executions: [held({ status: 'RUNNING', workflowType: 'chain', ...execution }, { history: [] })], workers: [{ ...dead, alive }],
  },
})

const startedRelay = journal.filter(({ what }) => what === 'start asked' || what === 'started')
const relay = (runId: string, after: number, from?: string) => held({
  workflowType: 'relay', workflowId: 'free', runId: asRunId(runId), status: after === 0 ? 'COMPLETED' : 'CONTINUED_AS_NEW',
  details: from === undefined ? null : payload({ continuedFrom: from }), result: null,
})
const chain = (from: string, runs = 2) => evidence({
  executions: [held(), ...[relay(from, 1), relay(`${from.slice(0, -1)}3`, 0)].slice(0, runs)].map(one => ({
    ...one, execution: { ...one.execution, firstRunId: one.execution.workflowType === 'relay' ? asRunId(from) : run },
  })),
  journal: [...journal, { what: 'start asked', workflowId: 'free' }],
})

const faults: readonly (readonly [what: string, found: Evidence, says: RegExp])[] = [
  ['an acknowledged start that is not there', evidence({ executions: [] }), /is there 0 times/],
  ['a start that made two runs', evidence({
    executions: [held(), held({ runId: asRunId(`${run.slice(0, -1)}2`), result: null })],
  }), /has 2 runs/],
  ['an execution that nobody owns and nothing wakes', open({}), /nobody will ever run it/],
  ['an execution of a dead worker that nobody took over', open({ owner: asIncarnation(1) }, false), /nobody will ever run it/],
  ['an event that was recorded and is lost', evidence({
    before: { executions: [held({}, { history: [event(1, 'once-1'), event(2, 'last-1'), event(3, 'x')] })], workers: [] },
  }), /lost or changed/],
  ['an event that was recorded and is changed', evidence({
    before: { executions: [held({}, { history: [event(1, 'other')] })], workers: [] },
  }), /lost or changed/],
  ['a gap in a history', evidence({ executions: [held({}, { history: [event(1, 'once-1'), event(3, 'last-1')] })] }), /has gaps/],
  ['a failed execution', evidence({ executions: [held({ status: 'FAILED' })] }), /is FAILED/],
  ['an execution that is cancelled for no reason', evidence({ executions: [held({ status: 'CANCELLED' })] }), /nobody asked for it/],
  ['a termination that was acknowledged and did not last', told({ what: 'terminate asked', workflowId },
    { what: 'terminate acknowledged', workflowId }), /its end was acknowledged/],
  ['a step that ran twice as one attempt', told(ran('last', 1, 'again')), /go up/],
  ['a step that may run once and ran twice', told(ran('once', 2)), /may run only once/],
  ['a step that ran again after its result was recorded', told(ran('last', 2)), /another attempt/],
  ['a result that is not in the history', evidence({ executions: [held({}, { history: [event(1, 'once-1')] })] }), /not in its history/],
  ['a step that was made good without need', evidence({
    executions: [held({ result: payload({ tokens: { ...outcome.tokens, 'made good': 'made good-1' } }) }, {
      history: [event(1, 'once-1'), event(2, 'last-1'), event(3, 'made good-1')],
    })],
    journal: [...journal.filter(({ what }) => !what.startsWith('signal') && what !== 'result'), ran('made good', 1)],
  }), /made good for what was not lost/],
  ['an acknowledged signal that is lost', given({ values: [2] }), /are lost/],
  ['a signal that arrived twice', given({ values: [1, 2, 2] }), /arrived twice/],
  ['a signal that nobody sent', given({ values: [1, 2, 9] }), /nobody sent/],
  ['signals of one sender in another order', given({ values: [2, 1] }), /another order/],
  ['a result that a client was told of and that is not stored', told({ what: 'result', workflowId, result: {} }), /was told of another/],
  ['an update that was to be rejected and was not', evidence({
    executions: [held({ result: payload({ ...outcome, values: [1, 2, -1] }) })],
    journal: [...journal.filter(({ what }) => what !== 'result'), { what: 'signal asked', workflowId, value: -1 }],
  }), /to be rejected arrived/],
  ['a chain that forks', chain('00000000-0000-4000-8000-000000000000'), /forks/],
  ['a chain that ends too early', chain('00000000-0000-4000-8000-000000000000', 1), /1 runs instead of 2/],
  ['a child that outlives its parent', evidence({
    executions: [
      held({ workflowType: 'family', result: payload({ tokens: {}, values: [1, 2, 3, 1, 1, 1] }) }),
      ...Object.entries(familyEnds).map(([name, status], index) => held({
        workflowId: `w ${name}`, runId: asRunId(`${run.slice(0, -1)}${index + 2}`), firstRunId: asRunId(`${run.slice(0, -1)}${index + 2}`),
        workflowType: 'offspring', result: null, status: name === 'dropped' ? 'COMPLETED' : status,
        parent: { runId: run, command: index + 1, closePolicy: 'TERMINATE' },
      })),
    ],
    journal: startedRelay,
  }), /child w dropped ended otherwise/],
  ['rows that are left over', evidence({ left: { inbox: 1, activity_tasks: 0, files: 0 } }), /left over/],
  ['a worker that counts as alive', evidence({ after: { executions: [held()], workers: [{ ...dead, alive: true }] } }), /left over/],
]

describe('checks of the crash points', () => {
  test('a run in which nothing is wrong passes, with or without the signal whose outcome is not known', () => {
    judge(evidence())
    judge(given({ values: [1, 3, 2] }))
    judge(open({ owner: asIncarnation(1) }))
    judge(open({ wakeAt: 5 }))
  })

  for (const [what, found, says] of faults) {
    test(`${what} is found`, () => {
      assert.throws(() => judge(found), says)
    })
  }
})

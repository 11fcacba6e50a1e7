import { outcomeOf } from '../described-error.ts'
import type { Handle, Scenario, Stage, StartSetup } from '../stage.ts'

const code = 'starting'

/** Starts again with the id of an execution that runs, or has ended in some way. */
function again(first: 'runs' | 'completed' | 'failed' | 'cancelled' | 'terminated', setup: StartSetup): Scenario {
  const policies = [setup.workflowIdReusePolicy, setup.workflowIdConflictPolicy].filter((policy) => policy !== undefined).join(', ')
  return {
    name: `a second start where the first ${first === 'runs' ? first : `has ${first}`} (${policies || 'no policy'})`, code,
    run: async (stage) => {
      await stage.worker()
      const one = await firstOf(stage, first)
      const answer = await outcomeOf(stage.start('hears', { ...setup, args: [0] }).then((handle) => {
        return handle.runId === one.runId ? 'the same run' : 'another run'
      }))
      const { status } = await stage.getHandle(stage.id, one.runId).describe()
      const now = stage.getHandle(stage.id)
      await now.terminate().catch(() => {})
      return { answer, first: status }
    },
  }
}

async function firstOf(stage: Stage, first: string): Promise<Handle> {
  const handle = await stage.start(first === 'failed' ? 'fails' : 'hears', { args: [first === 'completed' ? 0 : 1] })
  if (first === 'terminated') await handle.terminate()
  if (first === 'cancelled') await handle.cancel()
  if (first !== 'runs') await outcomeOf(handle.result())
  return handle
}

/** A signal to what may run or not. */
function signalled(name: string, prepare: (stage: Stage) => Promise<unknown>, setup: StartSetup = {}): Scenario {
  return {
    name, code,
    run: async (stage) => {
      await stage.worker()
      await prepare(stage)
      const sending = stage.signalWithStart('hears', 'word', ['sent'], { args: [1], ...setup })
      const sent = await outcomeOf(sending.then((handle) => handle.result()))
      const events = await outcomeOf(stage.getHandle(stage.id).events())
      await stage.getHandle(stage.id).terminate().catch(() => {})
      return { sent, events }
    },
  }
}

const reuse = ['ALLOW_DUPLICATE', 'ALLOW_DUPLICATE_FAILED_ONLY', 'REJECT_DUPLICATE'] as const
const conflict = ['FAIL', 'USE_EXISTING', 'TERMINATE_EXISTING'] as const

const closedCalls: readonly Scenario[] = (['signal', 'terminate', 'cancel', 'describe', 'result', 'query'] as const).flatMap((call) => [
  {
    name: `${call} of an unknown execution`, code,
    run: (stage: Stage) => outcomeOf(callOf(stage.getHandle(`${stage.id}-unknown`), call)),
  },
  {
    name: `${call} of a closed execution`, code,
    run: async (stage: Stage) => {
      await stage.worker()
      const handle = await stage.start('hears', { args: [0] })
      await handle.result()
      return outcomeOf(callOf(stage.getHandle(stage.id), call))
    },
  },
])

async function callOf(handle: Handle, call: 'signal' | 'terminate' | 'cancel' | 'describe' | 'result' | 'query'): Promise<unknown> {
  switch (call) {
    case 'signal': return handle.signal('word', 'x')
    case 'query': return handle.query('nothing')
    case 'describe': return (await handle.describe()).status
    case 'result': return handle.result()
    case 'cancel':
    case 'terminate':
      await handle[call]()
      return 'accepted'
  }
}

export const startingScenarios: readonly Scenario[] = [
  again('runs', {}), again('completed', {}),
  ...(['completed', 'failed', 'cancelled', 'terminated'] as const).flatMap((first) => {
    return reuse.map((workflowIdReusePolicy) => again(first, { workflowIdReusePolicy }))
  }),
  ...reuse.map((workflowIdReusePolicy) => again('runs', { workflowIdReusePolicy })),
  ...conflict.map((workflowIdConflictPolicy) => again('runs', { workflowIdConflictPolicy })),
  again('runs', { workflowIdReusePolicy: 'REJECT_DUPLICATE', workflowIdConflictPolicy: 'USE_EXISTING' }),
  again('completed', { workflowIdReusePolicy: 'REJECT_DUPLICATE', workflowIdConflictPolicy: 'USE_EXISTING' }),
  signalled('signal-with-start of nothing', async () => {}),
  signalled('signal-with-start of a running execution', (stage) => stage.start('hears', { args: [1] })),
  signalled('signal-with-start of a closed execution', (stage) => stage.start('hears', { args: [0] }).then((handle) => handle.result())),
  signalled('signal-with-start of a closed execution, duplicates rejected', (stage) => {
    return stage.start('hears', { args: [0] }).then((handle) => handle.result())
  }, { workflowIdReusePolicy: 'REJECT_DUPLICATE' }),
  signalled('signal-with-start of a running execution, terminate existing', (stage) => stage.start('hears', { args: [9] }), {
    workflowIdConflictPolicy: 'TERMINATE_EXISTING',
  }),
  signalled('signal-with-start of a running execution, fail', (stage) => stage.start('hears', { args: [9] }), {
    workflowIdConflictPolicy: 'FAIL',
  }),
  ...closedCalls,
  {
    name: 'a start of an unknown type', code,
    run: async (stage) => {
      await stage.worker()
      const handle = await stage.start('nobodyHasIt')
      const stuck = (await handle.stuck()).replace(/at .*$/s, '')
      await handle.terminate()
      return { stuck: stuck.includes('nobodyHasIt') }
    },
  },
  {
    name: 'a start without a workflow id', code,
    run: (stage) => outcomeOf(stage.start('hears', { workflowId: '' }).then((handle) => typeof handle.workflowId)),
  },
]

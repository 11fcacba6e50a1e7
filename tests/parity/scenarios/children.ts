import { describedError, detailsUnder, outcomeOf } from '../described-error.ts'
import type { Handle, Scenario, Stage } from '../stage.ts'

const code = 'children'
const looksMax = 6

/** Runs it to its end; what it came to, and the events of parent and child. */
function plain(name: string, type: string, ...args: readonly unknown[]): Scenario {
  return {
    name, code,
    run: async (stage) => {
      await stage.worker()
      const handle = await stage.start(type, { args })
      return { result: await outcomeOf(handle.result()), events: await handle.events() }
    },
  }
}

/** As `plain`, with how the child ends. */
function withChild(name: string, type: string, ...args: readonly unknown[]): Scenario {
  return {
    name, code,
    run: async (stage) => {
      await stage.worker()
      const handle = await stage.start(type, { args })
      const result = await outcomeOf(handle.result())
      return { result, events: await handle.events(), child: await childOf(stage) }
    },
  }
}

/** As `plain`, with whether the child was asked to stop. */
function withRequest(name: string, type: string, ...args: readonly unknown[]): Scenario {
  return {
    name, code,
    run: async (stage) => {
      await stage.worker()
      const handle = await stage.start(type, { args })
      const result = await outcomeOf(handle.result())
      const child = stage.getHandle(`${stage.id}-child`)
      const wasAsked = async () => (await child.events()).some((line) => line.startsWith('WorkflowExecutionCancelRequested'))
      for (let looks = 1; looks < looksMax && !await wasAsked(); looks++) await stage.pass(200)
      const asked = await wasAsked()
      await child.terminate().catch(() => {})
      return { result, events: await handle.events(), asked }
    },
  }
}

/** How it ends, or that it still runs after a while. It is ended then. */
async function childOf(stage: Stage): Promise<unknown> {
  const child = stage.getHandle(`${stage.id}-child`)
  await stage.pass(500)
  const isRunning = () => child.describe().then(({ status }) => status === 'RUNNING', () => false)
  for (let looks = 1; looks < looksMax && await isRunning(); looks++) await stage.pass(200)
  try {
    const { status } = await child.describe()
    const events = await child.events()
    if (status === 'RUNNING') await child.terminate()
    return { status, result: status === 'RUNNING' ? 'runs' : await outcomeOf(child.result()), events }
  } catch (error) {
    return describedError(error)
  }
}

/** Acts on the child when it runs. */
function actsOnChild(name: string, type: string, args: readonly unknown[], act: (child: Handle) => Promise<unknown>): Scenario {
  return {
    name, code,
    run: async (stage) => {
      await stage.worker()
      const handle = await stage.start(type, { args })
      while (!(await handle.events()).includes('ChildWorkflowExecutionStarted')) await stage.pass(50)
      await act(stage.getHandle(`${stage.id}-child`))
      return { result: await outcomeOf(handle.result()), events: await handle.events() }
    },
  }
}

const ends: readonly Scenario[] = [
  plain('the result of a child', 'executes', 'return'),
  plain('a child fails', 'executes', 'fail'),
  plain('a child continues as new', 'executes', 'continue'),
  plain('a child is retried', 'executes', 'retry', { retry: { initialInterval: 1, maximumAttempts: 5 } }),
  plain('a child uses up its attempts', 'executes', 'fail', { retry: { initialInterval: 1, maximumAttempts: 2 } }),
  plain('what a child knows of its parent', 'executes', 'info'),
  plain('the run timeout of a child', 'executes', 'wait', { workflowRunTimeout: 1_000 }),
  ...['TemporalTimeout:StartToClose', 'TemporalTimeout:Heartbeat'].map((type) => {
    const options = { workflowRunTimeout: 4_000, retry: { initialInterval: 1, maximumAttempts: 3, nonRetryableErrorTypes: [type] } }
    return plain(`the run timeout of a child, not to be retried: ${type}`, 'executes', 'hang', options)
  }),
  ...['bare', 'fail'].map((how): Scenario => ({
    name: `details of the failure of a child (${how})`, code,
    run: async (stage) => {
      await stage.worker()
      const parent = await stage.start('readsDetails', { args: [how] })
      const child = await stage.start('child', { workflowId: `${stage.id}-alone`, args: [how] })
      return { parent: await outcomeOf(parent.result()), client: await child.result().catch(detailsUnder) }
    },
  })),
  plain('the execution timeout of a child', 'executes', 'wait', { workflowExecutionTimeout: 1_000 }),
  plain('the failure of a child escapes from its parent', 'letsEscape', 'fail'),
  actsOnChild('a child is terminated', 'executes', ['wait'], (child) => child.terminate('enough')),
  actsOnChild('a child is cancelled by a client', 'executes', ['wait'], (child) => child.cancel()),
  actsOnChild('a child that is cancelled returns instead', 'executes', ['swallow'], (child) => child.cancel()),
  actsOnChild('the cancellation of a child escapes from its parent', 'letsEscape', ['wait'], (child) => child.cancel()),
  actsOnChild('the termination of a child escapes from its parent', 'letsEscape', ['wait'], (child) => child.terminate()),
  plain('an external handle cancels a child', 'cancelledByHandle', 'wait'),
  plain('order of the start and the result of a child', 'order'),
]

const ids: readonly Scenario[] = [
  plain('two children with one id', 'clash'),
  plain('two children with one id, reuse allowed', 'clash', { workflowIdReusePolicy: 'ALLOW_DUPLICATE' }),
  {
    name: 'two children with one id, terminate if running', code,
    run: async (stage) => {
      await stage.worker()
      const handle = await stage.start('clash', { args: [{ workflowIdReusePolicy: 'TERMINATE_IF_RUNNING' }] })
      const result = await outcomeOf(handle.result())
      // The end of the first and the start of the second have no order.
      const [first, ...others] = await handle.events()
      return { result, events: [first, ...others.sort()] }
    },
  },
  plain('another child after the first has ended', 'again', 'return', {}),
  plain('another child after the first has ended, duplicates rejected', 'again', 'return', { workflowIdReusePolicy: 'REJECT_DUPLICATE' }),
  plain('another child after a failed one, failed only', 'again', 'fail', { workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY' }),
  plain('another child after a good one, failed only', 'again', 'return', { workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY' }),
]

const types = ['ABANDON', 'TRY_CANCEL', 'WAIT_CANCELLATION_COMPLETED', 'WAIT_CANCELLATION_REQUESTED'] as const
const policies = ['TERMINATE', 'ABANDON', 'REQUEST_CANCEL'] as const

const cancellation: readonly Scenario[] = [
  ...types.map((type) => withRequest(`a scope with a running child is cancelled, ${type}`, 'cancels', 'tidySlowly', type)),
  withChild('a scope with a running child is cancelled, which returns instead', 'cancels', 'swallow', 'WAIT_CANCELLATION_COMPLETED'),
  ...types.map((type) => withChild(`a scope is cancelled in the activation that starts its child, ${type}`, 'cancelsAtOnce', type)),
  plain('a child in a cancelled scope', 'inCancelledScope'),
  plain('a child is signalled', 'signals'),
  withChild('a signal to a child in a cancelled scope', 'signalsInCancelledScope'),
]

const closes: readonly Scenario[] = [
  withChild('a parent returns, policy not given', 'leavesChild', 'return'),
  ...(['return', 'fail', 'continue'] as const).flatMap((end) => policies.map((policy) => {
    return withChild(`a parent ends (${end}), policy ${policy}`, 'leavesChild', end, policy)
  })),
  ...(['cancel', 'terminate'] as const).flatMap((way) => policies.map((policy): Scenario => ({
    name: `a parent ends (${way}), policy ${policy}`, code,
    run: async (stage) => {
      await stage.worker()
      const handle = await stage.start('leavesChild', { args: ['wait', policy] })
      while (!(await handle.events()).includes('ChildWorkflowExecutionStarted')) await stage.pass(50)
      await handle[way]()
      const result = await outcomeOf(handle.result())
      return { result, events: await handle.events(), child: await childOf(stage) }
    },
  }))),
  ...policies.map((policy): Scenario => ({
    name: `a parent times out, policy ${policy}`, code,
    run: async (stage) => {
      await stage.worker()
      const handle = await stage.start('leavesChild', { args: ['wait', policy], workflowRunTimeout: 2_000 })
      const result = await outcomeOf(handle.result())
      return { result, events: await handle.events(), child: await childOf(stage) }
    },
  })),
  ...policies.map((policy) => withChild(`a child is started in the last activation, policy ${policy}`, 'startsAtItsEnd', policy)),
]

export const childScenarios: readonly Scenario[] = [...ends, ...ids, ...cancellation, ...closes]

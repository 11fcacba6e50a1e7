import { outcomeOf } from '../described-error.ts'
import { echoed } from '../echoed.ts'
import type { Handle, Scenario, StartSetup, Stage } from '../stage.ts'

const code = 'timeouts'

type Act = (handle: Handle, stage: Stage) => Promise<unknown>

function ends(name: string, type: string, args: readonly unknown[], setup: StartSetup, act?: Act): Scenario {
  return {
    name, code,
    run: async (stage) => {
      await stage.worker()
      const handle = await stage.start(type, { ...setup, args })
      const acted = await act?.(handle, stage)
      const result = await outcomeOf(handle.result())
      const runs = { first: await stage.getHandle(stage.id, handle.runId).events(), last: await stage.getHandle(stage.id).events() }
      const { status } = await stage.getHandle(stage.id, handle.runId).describe()
      return { acted, result, status, ...runs }
    },
  }
}

const quickly = { initialInterval: 1, backoffCoefficient: 1 }

const timeouts: readonly Scenario[] = [
  ends('a run timeout', 'waits', [], { workflowRunTimeout: 1_000 }),
  ends('an execution timeout', 'waits', [], { workflowExecutionTimeout: 1_000 }),
  ends('a run timeout with retries', 'waits', [], { workflowRunTimeout: 1_000, retry: { ...quickly, maximumAttempts: 2 } }),
  ends('an execution timeout with retries', 'waits', [], { workflowExecutionTimeout: 1_000, retry: { ...quickly, maximumAttempts: 2 } }),
  ends('a run timeout that is not to be retried', 'waits', [], {
    workflowRunTimeout: 1_000, retry: { ...quickly, maximumAttempts: 3, nonRetryableErrorTypes: ['TemporalTimeout:StartToClose'] },
  }),
  ends('run timeouts until the execution timeout', 'waits', [], {
    workflowRunTimeout: 1_000, workflowExecutionTimeout: 2_500, retry: quickly,
  }),
  ends('a run timeout beyond the execution timeout', 'knows', [], { workflowRunTimeout: 60_000, workflowExecutionTimeout: 30_000 }),
  ends('what a workflow knows of its timeouts', 'knows', [], {
    workflowRunTimeout: 30_000, workflowExecutionTimeout: 60_000, workflowTaskTimeout: 5_000,
    retry: { maximumAttempts: 4, initialInterval: 2_000, nonRetryableErrorTypes: ['A'] },
  }),
  ends('what a workflow without timeouts knows', 'knows', [], {}),
  {
    name: 'a run timeout while no worker runs', code,
    run: async (stage) => {
      const handle = await stage.start('waits', { workflowRunTimeout: 1_000 })
      return { result: await outcomeOf(handle.result()), events: await handle.events() }
    },
  },
]

const retries: readonly Scenario[] = [
  ends('an execution is retried until it succeeds', 'failsFirst', [2], { retry: { ...quickly, maximumAttempts: 5 } }),
  ends('the attempts of an execution are used up', 'fails', [false], { retry: { ...quickly, maximumAttempts: 2 } }),
  ends('a failure that is not to be retried', 'fails', [true], { retry: { ...quickly, maximumAttempts: 3 } }),
  ends('a failure of a type that is not to be retried', 'fails', [false, 'Fatal'], {
    retry: { ...quickly, maximumAttempts: 3, nonRetryableErrorTypes: ['Fatal'] },
  }),
  ends('retries until the execution timeout', 'fails', [false], {
    workflowExecutionTimeout: 30_000, retry: { initialInterval: 1_000, backoffCoefficient: 100 },
  }),
  ends('a failure without a retry policy', 'fails', [false], {}),
  ends('a cancelled execution is not retried', 'waits', [], { retry: quickly }, async (handle, stage) => {
    await stage.pass(100)
    await handle.cancel()
  }),
  ends('a terminated execution is not retried', 'waits', [], { retry: quickly }, (handle) => handle.terminate('enough').then(() => 'done')),
  ends('a terminated execution without a reason', 'waits', [], {}, (handle) => handle.terminate().then(() => 'done')),
  {
    name: 'a plain error holds the execution', code,
    run: async (stage) => {
      await stage.worker()
      const handle = await stage.start('throwsPlain')
      const stuck = await handle.stuck()
      const { status } = await handle.describe()
      await handle.terminate()
      return { stuck, status }
    },
  },
  {
    name: 'a plain error fails the execution where errors are to', code,
    run: async (stage) => {
      await stage.worker({ failureErrorTypes: ['Error'] })
      const handle = await stage.start('throwsPlain')
      return outcomeOf(handle.result())
    },
  },
]

const delays: readonly Scenario[] = [
  {
    name: 'a signal does not end a start delay', code,
    run: async (stage) => {
      await stage.worker()
      const handle = await stage.start('heard', { startDelay: 2_000 })
      await handle.signal('word', 'early')
      return { result: await outcomeOf(handle.result()), events: await handle.events() }
    },
  },
  {
    name: 'signal-with-start ends a start delay', code,
    run: async (stage) => {
      await stage.worker()
      await stage.start('heard', { startDelay: 3_600_000 })
      const handle = await stage.signalWithStart('heard', 'word', ['with start'])
      const result = await Promise.race([outcomeOf(handle.result()), stage.pass(20_000).then(() => 'not yet')])
      await handle.terminate().catch(() => {})
      return result
    },
  },
  {
    name: 'signal-with-start with a start delay', code,
    run: async (stage) => {
      await stage.worker()
      const handle = await stage.signalWithStart('heard', 'word', ['with start'], { startDelay: 1_000 })
      return { result: await outcomeOf(handle.result()) }
    },
  },
  {
    name: 'an update ends a start delay', code,
    run: async (stage) => {
      await stage.worker()
      const handle = await stage.start('heard', { startDelay: 5_000 })
      const update = await outcomeOf(handle.executeUpdate('ask', { args: ['hm'] }))
      return { update, result: await outcomeOf(handle.result()), events: await handle.events() }
    },
  },
  {
    name: 'an execution is cancelled within its start delay', code,
    run: async (stage) => {
      await stage.worker()
      const handle = await stage.start('waits', { startDelay: 2_000 })
      await handle.cancel()
      return { result: await outcomeOf(handle.result()), events: await handle.events() }
    },
  },
  {
    name: 'an execution is terminated within its start delay', code,
    run: async (stage) => {
      const handle = await stage.start('waits', { startDelay: 3_600_000 })
      await handle.terminate()
      return { result: await outcomeOf(handle.result()), events: await handle.events() }
    },
  },
  {
    name: 'a query within a start delay', code,
    run: async (stage) => {
      await stage.worker()
      const handle = await stage.start('waits', { startDelay: 60_000 })
      const answer = await Promise.race([outcomeOf(handle.query('__stack_trace')), stage.pass(20_000).then(() => 'no answer')])
      await handle.terminate()
      return answer
    },
  },
  ends('a run timeout counts from the end of the start delay', 'sleeps', [1], { startDelay: 6_000, workflowRunTimeout: 5_000 }),
]

const failing = ['fail', 'failNonRetryable', 'plain', 'early', 'hang', 'abort'] as const

const activities: readonly Scenario[] = [
  ...[false, true].flatMap((local) => failing.map((how) => {
    return ends(`an activity ends (${how}${local ? ', local' : ''})`, 'activityFails', [how, local], {})
  })),
  ends('an activity ends (unlimited)', 'activityFails', ['unlimited', false], {}),
  ...([
    ['start to close', ['TemporalTimeout:StartToClose']], ['start to close', ['TemporalTimeout:Heartbeat']],
    ['start to close', ['TimeoutFailure', 'StartToClose', 'TemporalTimeout']], ['heartbeat', ['TemporalTimeout:Heartbeat']],
    ['heartbeat', ['TemporalTimeout:StartToClose']], ['schedule to close', []],
  ] as const).map(([of, types]) => {
    return ends(`an activity runs out of its time (${of}), not to be retried: ${types.join() || 'nothing'}`, 'runsOut', [of, types], {})
  }),
  {
    name: 'an activity runs out of its time (schedule to close, second attempt not started)', code,
    run: async (stage) => {
      const leaving = await stage.worker({ without: 'workflows' })
      await stage.worker({ without: 'activities' })
      const handle = await stage.start('isLeft')
      while (!echoed.includes(stage.id)) await stage.pass(20)
      await leaving.stop()
      return outcomeOf(handle.result())
    },
  },
  ...(['schedule to start', 'schedule to close, never started'] as const).map((of): Scenario => ({
    name: `an activity runs out of its time (${of})`, code,
    run: async (stage) => {
      await stage.worker({ without: 'activities' })
      const handle = await stage.start('runsOut', { args: [of] })
      return outcomeOf(handle.result())
    },
  })),
]

export const timeoutScenarios: readonly Scenario[] = [
  ...timeouts, ...retries, ...delays, ...activities,
  {
    name: 'a start delay of a cron is refused', code,
    run: async (stage) => outcomeOf(stage.start('waits', { startDelay: 1_000, cronSchedule: '* * * * *' }).then(() => 'accepted')),
  },
]

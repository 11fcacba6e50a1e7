import { describedError, outcomeOf } from '../described-error.ts'
import type { Handle, Scenario, StartSetup, Stage } from '../stage.ts'

const code = 'continuing'

interface Acts {
  readonly setup?: StartSetup
  readonly act?: (handle: Handle, stage: Stage) => Promise<unknown>
}

/** What its chain came to, and the events of the first run. */
function chain(name: string, type: string, args: readonly unknown[], { setup = {}, act }: Acts = {}): Scenario {
  return {
    name, code,
    run: async (stage) => {
      await stage.worker()
      const handle = await stage.start(type, { ...setup, args })
      const acted = await act?.(stage.getHandle(stage.id), stage)
      const result = await outcomeOf(handle.result())
      const first = stage.getHandle(stage.id, handle.runId)
      const { status, memo } = await first.describe()
      return { acted, result, first: { status, memo, events: await first.events() }, last: await stage.getHandle(stage.id).events() }
    },
  }
}

/** As `chain`, with what becomes of its child. */
function withChild(name: string, type: string, ...args: readonly unknown[]): Scenario {
  return {
    name, code,
    run: async (stage) => {
      await stage.worker()
      const handle = await stage.start(type, { args })
      const result = await outcomeOf(handle.result())
      await stage.pass(300)
      const child = stage.getHandle(`${stage.id}-child`)
      const fate = await child.describe().then(({ status }) => status, describedError)
      return { result, child: fate, events: await stage.getHandle(stage.id, handle.runId).events() }
    },
  }
}

/** Messages that were sent while no worker ran, then a worker. */
function sentBefore(name: string, args: readonly unknown[], after: readonly (readonly [string, string?])[]): Scenario {
  return {
    name, code,
    run: async (stage) => {
      const handle = await stage.start('listens', { args })
      const current = stage.getHandle(stage.id)
      await current.signal('word', 'early')
      await current.signal('next')
      await stage.worker()
      for (;;) {
        const { status } = await stage.getHandle(stage.id, handle.runId).describe()
        if (status !== 'RUNNING') break
        await stage.pass(50)
      }
      for (const [signal, ...words] of after) await current.signal(signal, ...words)
      return { result: await outcomeOf(handle.result()) }
    },
  }
}

export const continuingScenarios: readonly Scenario[] = [
  chain('runs follow one another, the result is that of the last', 'countdown', [3], { setup: { memo: { a: 1 } } }),
  chain('it goes on as another type, with options', 'toOther', [], { setup: { memo: { a: 1 }, workflowExecutionTimeout: 60_000 } }),
  chain('what continueAsNew throws', 'catches', []),
  ...(['activity', 'timer', 'nothing'] as const).map((pending) => {
    return chain(`it goes on while something is pending (${pending})`, 'leaves', [pending])
  }),
  withChild('it goes on while a child runs', 'leaves', 'child'),
  withChild('it goes on in the activation that starts a child', 'leavesAtOnce'),
  sentBefore('signals that were handled', [[], true], [['word', 'late']]),
  sentBefore('signals that nobody handled', [[], false], [['word', 'late'], ['word', 'later']]),
  chain('a signal handler goes on', 'handlerGoesOn', [], { act: (handle) => handle.signal('next') }),
  chain('it goes on while an update is handled', 'updateWaits', [false], { act: (handle) => {
    return outcomeOf(handle.executeUpdate('ask', { args: ['hm'], updateId: 'u' })) }
  }),
  chain('it waits for an update, then goes on', 'updateWaits', [true], { act: (handle) => {
    return outcomeOf(handle.executeUpdate('ask', { args: ['hm'], updateId: 'u' })) }
  }),
  chain('a changed memo is taken along', 'memoGoesAlong', [], { setup: { memo: { kept: 'x', also: 'y' } } }),
  chain('a cancelled execution goes on', 'afterCancellation', [], {
    act: async (handle, stage) => {
      await stage.pass(100)
      await handle.cancel()
    },
  }),
  chain('the chain fails in its last run', 'failsLater', [2]),
  chain('the execution timeout spans the chain', 'failsLater', [1], {
    setup: { workflowExecutionTimeout: 30_000, retry: { maximumAttempts: 2, initialInterval: 1 } },
  }),
  {
    name: 'the result of the first run alone', code,
    run: async (stage) => {
      await stage.worker()
      const handle = await stage.start('countdown', { args: [1] })
      await handle.result()
      const first = stage.getHandle(stage.id, handle.runId)
      return { status: (await first.describe()).status, signal: await outcomeOf(first.signal('word', 'x')) }
    },
  },
]

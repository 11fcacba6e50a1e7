import { outcomeOf } from '../described-error.ts'
import type { Handle, Scenario, Stage } from '../stage.ts'

const code = 'endings'

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

/** With errors that fail executions, as is the default here. */
function failing(name: string, type: string, ...args: readonly unknown[]): Scenario {
  return {
    name, code,
    run: async (stage) => {
      await stage.worker({ failureErrorTypes: ['Error'] })
      const handle = await stage.start(type, { args })
      return endOrHold(stage, handle)
    },
  }
}

/** Under Temporal's defaults: it ends, or cannot go on. */
function holds(name: string, type: string, args: readonly unknown[], act?: (handle: Handle) => Promise<unknown>): Scenario {
  return {
    name, code,
    run: async (stage) => {
      await stage.worker()
      const handle = await stage.start(type, { args })
      await act?.(handle)
      return endOrHold(stage, handle)
    },
  }
}

async function endOrHold(_stage: Stage, handle: Handle): Promise<unknown> {
  const end = await Promise.race([outcomeOf(handle.result()), handle.stuck().then((stuck) => ({ stuck }))])
  const { status } = await handle.describe()
  if (status === 'RUNNING') await handle.terminate()
  return { end, status }
}

const unhandled = ['error', 'failure', 'activity', 'after main'] as const
const last = ['activity', 'timer', 'signal', 'child'] as const
const returned = ['undefined', 'null', 'date', 'map', 'bigint', 'nested', 'cyclic', 'function'] as const
const thrown = ['string', 'object', 'undefined', 'cause', 'aggregate', 'failure with cause'] as const

export const endingScenarios: readonly Scenario[] = [
  ...unhandled.map((what) => holds(`a rejection that nobody handles (${what})`, 'unhandled', [what])),
  ...(['timeout', 'condition'] as const).map((what) => holds(`something throws aside (${what})`, 'throwsAside', [what])),
  ...(['signal', 'signal failure', 'signal later'] as const).map((what) => {
    return holds(`something throws aside (${what})`, 'throwsAside', [what], (handle) => handle.signal('go'))
  }),
  ...last.map((what) => plain(`work is asked for in the last activation (${what})`, 'lastWork', what)),
  {
    name: 'an execution ends while a signal handler waits', code,
    run: async (stage) => {
      await stage.worker()
      const handle = await stage.start('leavesHandler')
      await handle.signal('slow')
      await handle.signal('go')
      return { result: await outcomeOf(handle.result()) }
    },
  },
  plain('promises go on after main has returned', 'goesOnAfterReturn'),
  ...returned.map((what) => holds(`a value is returned (${what})`, 'returns', [what])),
  ...thrown.map((what) => failing(`something is thrown (${what})`, 'throws', what)),
  plain('triggers settle once', 'triggers'),
  ...(['above', 'itself', 'below', 'name'] as const).map((what): Scenario => ({
    name: `errors that fail executions are named (${what})`, code,
    run: async (stage) => {
      await stage.worker({ failureErrorTypes: ['Refused'] })
      return endOrHold(stage, await stage.start('refuses', { args: [what] }))
    },
  })),
]

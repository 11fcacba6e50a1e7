import { outcomeOf } from '../described-error.ts'
import type { Scenario } from '../stage.ts'

const code = 'cancelling'

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

/** Signals when its activity runs. */
function activity(work: string, cancellationType: string): Scenario {
  return {
    name: `a scope with a running activity is cancelled (${work}, ${cancellationType})`, code,
    run: async (stage) => {
      await stage.worker()
      const handle = await stage.start('activity', { args: [work, cancellationType] })
      await handle.settled()
      await stage.pass(200)
      await handle.signal('go')
      return { result: await outcomeOf(handle.result()), events: await handle.events() }
    },
  }
}

/** The execution is cancelled, also twice. */
function whole(reaction: string): Scenario {
  return {
    name: `an execution is cancelled (${reaction})`, code,
    run: async (stage) => {
      await stage.worker()
      const handle = await stage.start('whole', { args: [reaction] })
      await handle.settled()
      await handle.cancel()
      const result = await outcomeOf(handle.result())
      const { status } = await handle.describe()
      const again = await outcomeOf(handle.cancel().then(() => 'accepted'))
      return { result, status, events: await handle.events(), again }
    },
  }
}

const types = ['TRY_CANCEL', 'WAIT_CANCELLATION_COMPLETED', 'ABANDON'] as const

export const cancellingScenarios: readonly Scenario[] = [
  plain('a cancellation travels through scopes', 'throughScopes'),
  plain('what is begun in a cancelled scope', 'inCancelled'),
  ...types.map((type) => activity('untilCancelled', type)),
  ...types.map((type) => activity('cancellable', type)),
  ...types.map((type) => plain(`an activity is cancelled in the activation that schedules it (${type})`, 'activityAtOnce', type)),
  ...(['escape', 'swallow', 'fail', 'tidy', 'later', 'wrap', 'ignore'] as const).map(whole),
  plain('a cancellation escapes from a scope of an execution that is not cancelled', 'escapes', 'scope'),
  plain('a CancelledFailure is thrown by an execution that is not cancelled', 'escapes', 'thrown'),
  plain('scopes with a timeout', 'withTimeout'),
  {
    name: 'an execution is cancelled before its first activation', code,
    run: async (stage) => {
      const handle = await stage.start('whole', { args: ['swallow'] })
      await handle.cancel()
      await stage.worker()
      return { result: await outcomeOf(handle.result()), events: await handle.events() }
    },
  },
]

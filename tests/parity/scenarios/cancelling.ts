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

/** An activity is cancelled that does not hear of it, or that no worker has taken. */
function tooLate(of: string, without?: 'activities'): Scenario {
  return {
    name: `a cancelled activity runs out of its ${of} (${without === undefined ? 'it runs' : 'not begun'})`, code,
    run: async (stage) => {
      await stage.worker(without === undefined ? {} : { without })
      const handle = await stage.start('cancelledTooLate', { args: [of] })
      await handle.settled()
      await stage.pass(200)
      await handle.signal('go')
      return { result: await outcomeOf(handle.result()), events: await handle.events() }
    },
  }
}

const times = ['startToCloseTimeout', 'scheduleToCloseTimeout'] as const
const types = ['TRY_CANCEL', 'WAIT_CANCELLATION_COMPLETED', 'ABANDON'] as const

export const cancellingScenarios: readonly Scenario[] = [
  plain('a cancellation travels through scopes', 'throughScopes'),
  plain('what is begun in a cancelled scope', 'inCancelled'),
  ...types.map((type) => activity('untilCancelled', type)),
  ...types.map((type) => activity('cancellable', type)),
  ...types.map((type) => activity('aborts', type)),
  activity('throwsReason', 'WAIT_CANCELLATION_COMPLETED'),
  ...types.map((type) => plain(`an activity is cancelled in the activation that schedules it (${type})`, 'activityAtOnce', type)),
  ...(['escape', 'swallow', 'fail', 'tidy', 'later', 'wrap', 'ignore'] as const).map(whole),
  plain('a cancellation escapes from a scope of an execution that is not cancelled', 'escapes', 'scope'),
  plain('a CancelledFailure is thrown by an execution that is not cancelled', 'escapes', 'thrown'),
  ...times.flatMap((of) => ([undefined, 'activities'] as const).map((without) => tooLate(of, without))),
  plain('scopes with a timeout', 'withTimeout'),
  plain('scopes whose timeout is nothing, or less', 'withoutTimeout'),
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

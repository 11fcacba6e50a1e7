import { outcomeOf } from '../described-error.ts'
import { echoed } from '../echoed.ts'
import type { Handle, Scenario, Stage } from '../stage.ts'

const code = 'ordering'

type Message = readonly ['put' | 'other' | 'change' | 'unheard', string]

/** Sends them in this order. An update waits for its acceptance: it is given the time to arrive. */
async function send(stage: Stage, handle: Handle, messages: readonly Message[]): Promise<Promise<unknown>[]> {
  const updates: Promise<unknown>[] = []
  for (const [name, text] of messages) {
    if (name === 'change') {
      updates.push(outcomeOf(handle.executeUpdate(name, { args: [text] })))
      await stage.pass(200)
    } else {
      await handle.signal(name, text)
    }
  }
  return updates
}

/** Messages, then the first worker. */
function early(name: string, type: string, ...messages: readonly Message[]): Scenario {
  return {
    name, code,
    run: async (stage) => {
      const handle = await stage.start(type)
      const updates = await send(stage, handle, messages)
      await stage.worker()
      return { updates: await Promise.all(updates), result: await outcomeOf(handle.result()), events: await handle.events() }
    },
  }
}

/** A worker, then messages, one after another. */
function live(name: string, type: string, ...messages: readonly Message[]): Scenario {
  return {
    name, code,
    run: async (stage) => {
      await stage.worker()
      const handle = await stage.start(type)
      const updates = await send(stage, handle, messages)
      return { updates: await Promise.all(updates), result: await outcomeOf(handle.result()) }
    },
  }
}

/** Everything comes while no worker runs workflows: the next one finds all of it in one activation. */
function away(name: string, ...messages: readonly Message[]): Scenario {
  return {
    name, code,
    run: async (stage) => {
      const first = await stage.worker({ without: 'activities' })
      const handle = await stage.start('resumes', { args: [100] })
      await handle.settled()
      await first.stop()
      const updates = await send(stage, handle, messages)
      await stage.pass(500)
      const activities = await stage.worker({ without: 'workflows' })
      while (!echoed.includes(stage.id)) await stage.pass(50)
      await stage.pass(200)
      await activities.stop()
      await stage.worker()
      return { updates: await Promise.all(updates), result: await outcomeOf(handle.result()) }
    },
  }
}

function four(...names: readonly [Message[0], Message[0], Message[0], Message[0]]): Message[] {
  return names.map((name, index) => [name, 'abcd'.charAt(index)])
}

export const orderingScenarios: readonly Scenario[] = [
  early('signals that came before the first activation', 'startsWithMessages', ...four('put', 'other', 'put', 'unheard')),
  early('updates and signals that came before the first activation', 'startsWithMessages', ...four('change', 'put', 'other', 'change')),
  early('nothing came before the first activation', 'startsWithMessages'),
  away('a timer, an activity and signals came while no worker ran', ['put', 'a'], ['put', 'b']),
  away('a timer, an activity, a signal and an update came while no worker ran', ['put', 'a'], ['change', 'u'], ['put', 'b']),
  early('a condition that holds between two signals of one activation', 'between', ['put', '1'], ['put', '1']),
  early('a condition that held between two signals and is undone', 'between', ['put', '2'], ['put', '-1']),
  early('two wait for what one takes', 'oversold', ['put', 'a']),
  live('what holds at once', 'atOnce'),
  live('timers', 'timers'),
  early('races of a trigger, and what settles first counts', 'races', ['put', 'x']),
  live('signals before their handlers are set', 'setsLate', ...four('put', 'other', 'unheard', 'put')),
  early('signals before the first activation, handlers set later', 'setsLate', ...four('put', 'other', 'unheard', 'put')),
  early('a handler that sets another while signals wait for both', 'setsWithin', ...four('put', 'other', 'put', 'other')),
  early('a handler that sets another while earlier signals wait for that', 'setsWithin', ...four('other', 'put', 'other', 'put')),
  live('random ids', 'makesIds'),
  early('handlers that are replaced and taken back', 'replaces', ...four('put', 'put', 'put', 'put')),
]

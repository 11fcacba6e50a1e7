import { outcomeOf } from '../described-error.ts'
import type { Scenario } from '../stage.ts'

type Version = 'patches-before' | 'patches' | 'patches-deprecated' | 'patches-after'

/** Runs as far as it gets under the first version, then under the second. */
function upgrade(name: string, first: Version, second: Version): Scenario {
  return {
    name, code: first,
    run: async (stage) => {
      const before = await stage.worker({ code: first })
      const handle = await stage.start('changing')
      const fired = first === 'patches-before' ? 0 : 1
      while ((await handle.events()).filter((line) => line === 'TimerFired').length < fired) await stage.pass(50)
      await handle.settled()
      await before.stop()
      await stage.worker({ code: second })
      await handle.signal('go')
      const end = await Promise.race([outcomeOf(handle.result()), handle.stuck().then((stuck) => ({ stuck: stuck !== '' }))])
      const events = await handle.events()
      await handle.terminate().catch(() => {})
      return { end, events: events.filter((line) => !line.startsWith('WorkflowExecutionTerminated')) }
    },
  }
}

export const patchScenarios: readonly Scenario[] = [
  upgrade('an execution of the old code meets the patch', 'patches-before', 'patches'),
  upgrade('an execution of the patched code is run again', 'patches', 'patches'),
  upgrade('an execution of the patched code meets the deprecated patch', 'patches', 'patches-deprecated'),
  upgrade('an execution of the deprecated patch meets code without it', 'patches-deprecated', 'patches-after'),
  upgrade('an execution of the deprecated patch meets the patched code', 'patches-deprecated', 'patches'),
  upgrade('an execution of the patched code meets code without it', 'patches', 'patches-after'),
  upgrade('an execution of the old code meets the deprecated patch', 'patches-before', 'patches-deprecated'),
  {
    name: 'patches in a loop and in a handler', code: 'patches',
    run: async (stage) => {
      await stage.worker()
      const handle = await stage.start('many')
      await handle.settled()
      await handle.signal('go')
      return { result: await outcomeOf(handle.result()), events: await handle.events() }
    },
  },
  {
    name: 'a query after an upgrade sees what the execution did', code: 'patches',
    run: async (stage) => {
      const first = await stage.worker()
      const handle = await stage.start('changing')
      while (!(await handle.events()).includes('TimerFired')) await stage.pass(50)
      await first.stop()
      await stage.worker()
      const answer = await outcomeOf(handle.query('steps'))
      await handle.terminate()
      return answer
    },
  },
]

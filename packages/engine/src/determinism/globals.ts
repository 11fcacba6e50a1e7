/**
 * Makes the process fit to run workflows: their "now", timers and random numbers come from the history, and what cannot
 * be repeated is refused. Whether code belongs to a workflow is asked at each call; other code sees no difference.
 */
import { syncBuiltinESMExports } from 'node:module'
import { deterministicDate } from './deterministic-date.ts'
import { patchPerformance, patchRandom } from './deterministic-random.ts'
import { patchTimers } from './durable-timers.ts'
import { forbidGlobals, forbidModules } from './forbidden-apis.ts'
import { replaceMember } from './replaced-member.ts'

const installedKey = Symbol.for('perdure.determinism.installed')

/**
 * Once per process; later calls do nothing. Call it as early as possible: a library that took `setTimeout` or
 * `randomUUID` for itself before keeps the one it took.
 */
export function installDeterministicGlobals(): void {
  const registry = globalThis as { [installedKey]?: true }
  if (registry[installedKey] === true) return
  registry[installedKey] = true
  replaceMember(globalThis, 'Date', deterministicDate(globalThis.Date))
  patchRandom()
  patchPerformance()
  patchTimers()
  forbidGlobals()
  forbidModules()
  // So that `import { readFile } from 'node:fs'` sees it too.
  syncBuiltinESMExports()
}

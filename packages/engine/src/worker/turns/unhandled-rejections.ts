/**
 * A rejection that workflow code left unhandled belongs to its execution, not to the process: the execution is held, a
 * query fails.
 * All others keep Node's default, which a listener would otherwise switch off: they are thrown.
 */
import { currentHost } from '../../determinism/workflow-context.ts'
import { QueryRun } from '../../execution/query-run.ts'
import { WorkflowCalls } from '../../execution/workflow-calls.ts'

const installedKey = Symbol.for('perdure.unhandled-rejections')

export function installUnhandledRejections(): void {
  const registry = globalThis as { [installedKey]?: true }
  if (registry[installedKey] === true) return
  registry[installedKey] = true
  process.on('unhandledRejection', (reason: unknown) => {
    const host = currentHost()
    if (host instanceof WorkflowCalls || host instanceof QueryRun) host.unhandled(reason)
    else if (process.listenerCount('unhandledRejection') === 1) throw reason
  })
}

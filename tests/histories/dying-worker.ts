/** A worker of a recorded database whose process dies: in its code, when it has asked for something, or killed by its parent. */
import type { Store } from '@perdure/engine'
import { createPostgresStore } from '@perdure/postgres'
import { createSqliteStore } from '@perdure/sqlite'
import { join } from 'node:path'
import { Engine } from 'perdure'
import type * as Activities from './0.1/activities.ts'
import type * as Executions from './0.1/executions.ts'
import { silent } from './recording.ts'

Error.stackTraceLimit = 0

const [version = '', database = '', namespace = '', taskQueue = '', dies = ''] = process.argv.slice(2)
const folder = join(import.meta.dirname, version)
const workflows = await import(join(folder, 'workflows.ts')) as Record<string, unknown>
const { codeOf } = await import(join(folder, 'executions.ts')) as typeof Executions
const { activitiesIn } = await import(join(folder, 'activities.ts')) as typeof Activities

const die = async (): Promise<never> => {
  process.kill(process.pid, 'SIGKILL')
  return new Promise<never>(() => undefined)
}
const store = database.startsWith('postgres') ? createPostgresStore({ connectionString: database }) : createSqliteStore({ file: database })
const engine = await Engine.open({
  store: dies === 'when it has asked' ? dyingAfterRequests(store) : store,
  namespace, taskQueue, identity: 'recorder', logger: silent, hints: false, worker: { tickMs: 50 }, ...codeOf(namespace),
})
for (const [name, fn] of Object.entries(workflows)) {
  if (typeof fn === 'function') engine.workflows.register(name, (dies === 'in its code' ? die : fn) as () => Promise<unknown>)
}
engine.activities.register({ ...activitiesIn('recorded') })
await engine.start()

/** It never hears that the database has them. */
function dyingAfterRequests(given: Store): Store {
  return new Proxy(given, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target)
      if (typeof member !== 'function') return member
      if (name !== 'commit') return (member as () => unknown).bind(target)
      return async (...args: Parameters<Store['commit']>) => {
        const outcome = await target.commit(...args)
        return args[0].transitions.some(({ outgoing }) => outgoing !== undefined && outgoing.length > 0) ? die() : outcome
      }
    },
  })
}

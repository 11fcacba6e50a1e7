/**
 * Which execution the running code belongs to: an AsyncLocalStorage whose store is the current cancellation scope.
 *
 * Whatever workflow code calls runs in its context too, the engine included. So the engine does its own work (stores,
 * sockets, timers, activities, logs) in `runOutsideWorkflow`; else it would see workflow time, and be refused its files.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { setWorkflowRuntime, type WorkflowHost, type WorkflowScope } from '@perdure/workflow/host'

/** One per process, also when this module is loaded twice. */
const storageKey = Symbol.for('perdure.workflow.scope-storage')
type Registry = { [storageKey]?: AsyncLocalStorage<WorkflowScope | undefined> }

const storage = ((globalThis as Registry)[storageKey] ??= new AsyncLocalStorage<WorkflowScope | undefined>())

setWorkflowRuntime({
  currentScope: () => storage.getStore(),
  runInScope,
  createAsyncLocalStorage: <T>() => new AsyncLocalStorage<T>(),
})

/** The scope of the running code, or undefined outside of workflows. */
export function currentScope(): WorkflowScope | undefined {
  return storage.getStore()
}

/** The execution of the running code, or undefined outside of workflows. */
export function currentHost(): WorkflowHost | undefined {
  return storage.getStore()?.host
}

/** Runs `fn`, and all that it starts, in a scope of a workflow. */
export function runInScope<T>(scope: WorkflowScope, fn: () => T): T {
  // Each run copies a map of all that is stored in this context.
  return storage.getStore() === scope ? fn() : storage.run(scope, fn)
}

/** Runs `fn`, and all that it starts, as code that belongs to no workflow. */
export function runOutsideWorkflow<T>(fn: () => T): T {
  return storage.getStore() === undefined ? fn() : storage.run(undefined, fn)
}

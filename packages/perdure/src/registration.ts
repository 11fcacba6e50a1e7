/** `engine.workflows` and `engine.activities`: the client, and what a process can run. */
import { PerdureError } from '@perdure/engine'
import type { ActivityFunction, Registry, WorkflowClient, WorkflowFunction } from '@perdure/engine'

/** A module, or an object of functions by name. What is no function is passed over. */
export type FunctionModule = Readonly<Record<string, unknown>>

export interface WorkflowRegistration {
  /**
   * Workflows by the names of a module's exports, or one by the name given. Before or after start.
   * @example engine.workflows.register(await import('./workflows.ts'))
   */
  register(module: FunctionModule): void
  register(name: string, workflow: WorkflowFunction): void
}

export interface ActivityRegistration {
  /** Activities by the names of a module's exports, or one by the name given. Before or after start. */
  register(module: FunctionModule): void
  register(name: string, activity: ActivityFunction): void
}

export type Activities = ActivityRegistration

export type Workflows = WorkflowRegistration & Omit<WorkflowClient, 'onHint' | 'stop'>

export function activitiesOf(registry: Registry, check: () => void): Activities {
  return { register: registration('activities', check, (name, fn) => registry.registerActivity(name, fn as ActivityFunction)) }
}

export function workflowsOf(registry: Registry, client: WorkflowClient, check: () => void): Workflows {
  // The compiler forgets overloads and type parameters of what is bound.
  const bound = <Name extends keyof WorkflowClient>(name: Name): WorkflowClient[Name] => {
    return (client[name] as (this: WorkflowClient) => unknown).bind(client) as WorkflowClient[Name]
  }
  return {
    register: registration('workflows', check, (name, fn) => registry.registerWorkflow(name, fn as WorkflowFunction)),
    start: bound('start'),
    execute: bound('execute'),
    getHandle: bound('getHandle'),
    getResult: bound('getResult'),
    getStatus: bound('getStatus'),
    describe: bound('describe'),
    history: bound('history'),
    list: bound('list'),
    count: bound('count'),
    signal: bound('signal'),
    query: bound('query'),
    cancel: bound('cancel'),
    terminate: bound('terminate'),
  }
}

type Add = (name: string, fn: unknown) => void

function registration(kind: 'workflows' | 'activities', check: () => void, add: Add) {
  return (given: FunctionModule | string, fn?: unknown): void => {
    check()
    if (typeof given === 'string') {
      if (given === '' || typeof fn !== 'function') throw invalid(kind, `'${given}' is registered with ${described(fn)}`)
      add(given, fn)
      return
    }
    if (typeof given === 'function') throw invalid(kind, `the function '${(given as { name: string }).name}' was passed alone`)
    if (typeof given !== 'object' || given === null) throw invalid(kind, `${described(given)} was passed`)
    const functions = functionsOf(given)
    // An empty object registers nothing, and says so; a module without a function is the wrong module.
    if (functions.length === 0 && Object.keys(given).length > 0) throw invalid(kind, `no function among ${Object.keys(given).join(', ')}`)
    for (const [name, each] of functions) add(name, each)
  }
}

/** A default export goes by its own name. Classes (errors, for example) are not meant. */
function functionsOf(module: FunctionModule): [name: string, fn: unknown][] {
  return Object.entries(module).flatMap(([name, each]): [string, unknown][] => {
    if (typeof each !== 'function' || isClass(each)) return []
    return [[name === 'default' ? each.name : name, each]]
  })
}

function isClass(fn: object): boolean {
  return Object.getOwnPropertyDescriptor(fn, 'prototype')?.writable === false
}

function described(value: unknown): string {
  return value === null || value === undefined ? String(value) : `a value of type ${typeof value}`
}

function invalid(kind: 'workflows' | 'activities', problem: string): PerdureError {
  return new PerdureError(
    'REGISTRATION_INVALID',
    `engine.${kind}.register(): ${problem}; pass a module (import * as ${kind} from './${kind}.ts'), ` +
      'an object of functions, or a name and a function',
  )
}

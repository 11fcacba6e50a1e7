/** `engine.workflows` and `engine.activities`: the client, and what a process can run. */
import { checkedId, PerdureError } from '@perdure/engine'
import type { ActivityCompletionClient, ActivityFunction, Registry, ReplayClient, WorkflowClient, WorkflowFunction } from '@perdure/engine'

/** A module, or an object of functions by name; at least one. What is no function is passed over. */
export type FunctionModule = Readonly<Record<string, unknown>>

export interface WorkflowRegistration {
  /**
   * Workflows by the names of a module's exports. Before or after start.
   * @throws PerdureError REGISTRATION_INVALID, ID_INVALID
   * @example engine.workflows.register(await import('./workflows.ts'))
   */
  register(module: FunctionModule): void
  /**
   * One workflow by the name given. Before or after start.
   * @throws PerdureError REGISTRATION_INVALID, ID_INVALID
   */
  register(name: string, workflow: WorkflowFunction): void
}

export interface ActivityRegistration {
  /**
   * Activities by the names of a module's exports. Before or after start.
   * @throws PerdureError REGISTRATION_INVALID, ID_INVALID
   * @example engine.activities.register({ charge: async (order: Order) => payments.charge(order) })
   */
  register(module: FunctionModule): void
  /**
   * One activity by the name given. Before or after start.
   * @throws PerdureError REGISTRATION_INVALID, ID_INVALID
   */
  register(name: string, activity: ActivityFunction): void
}

/** Registers activities, and ends attempts from outside. */
export interface Activities extends ActivityRegistration, ActivityCompletionClient {}

/** An interface, not a type made of others: editors show the texts of its members. */
export interface Workflows extends WorkflowRegistration, WorkflowClient, ReplayClient {}

export function activitiesOf(registry: Registry, client: ActivityCompletionClient, check: () => void): Activities {
  return {
    register: registration('activities', check, (name, fn) => registry.registerActivity(name, fn as ActivityFunction)),
    complete: client.complete.bind(client),
    fail: client.fail.bind(client),
    reportCancellation: client.reportCancellation.bind(client),
    heartbeat: client.heartbeat.bind(client),
  }
}

export function workflowsOf(registry: Registry, client: WorkflowClient, replay: ReplayClient, check: () => void): Workflows {
  // The compiler forgets overloads and type parameters of what is bound.
  const bound = <Name extends keyof WorkflowClient>(name: Name): WorkflowClient[Name] => {
    return (client[name] as (this: WorkflowClient) => unknown).bind(client) as WorkflowClient[Name]
  }
  return {
    register: registration('workflows', check, (name, fn) => registry.registerWorkflow(name, fn as WorkflowFunction)),
    start: bound('start'),
    execute: bound('execute'),
    startMany: bound('startMany'),
    schedule: bound('schedule'),
    signalWithStart: bound('signalWithStart'),
    executeUpdateWithStart: bound('executeUpdateWithStart'),
    startUpdateWithStart: bound('startUpdateWithStart'),
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
    fetchHistory: (workflowId, runId) => replay.fetchHistory(workflowId, runId),
    replayOpen: (filter) => replay.replayOpen(filter),
  }
}

type Add = (name: string, fn: unknown) => void

function registration(kind: 'workflows' | 'activities', check: () => void, add: Add) {
  return (given: FunctionModule | string, fn?: unknown): void => {
    check()
    if (typeof given === 'string') {
      if (given === '' || typeof fn !== 'function') throw invalid(kind, `'${given}' is registered with ${described(fn)}`)
      add(checkedId(given, `name in engine.${kind}.register()`), fn)
      return
    }
    if (typeof given === 'function') throw invalid(kind, `the function '${(given as { name: string }).name}' was passed alone`)
    if (typeof given !== 'object' || given === null || Array.isArray(given)) throw invalid(kind, `${described(given)} was passed`)
    const functions = functionsOf(given)
    if (functions.length === 0) throw invalid(kind, whyWithoutFunctions(given))
    for (const [name] of functions) checkedId(name, `name in engine.${kind}.register()`)
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

/** The wrong module, most likely, or an object whose functions cannot be seen. */
function whyWithoutFunctions(given: FunctionModule): string {
  const [method] = methodsOf(given)
  if (method !== undefined) {
    const { name } = given.constructor as { readonly name: string }
    return `an instance of ${name} was passed, and methods of a class are not taken: ` +
      `wrap them, as in { ${method}: (...args) => instance.${method}(...args) }`
  }
  const names = Object.keys(given)
  return names.length === 0 ? 'an empty object or module was passed' : `there is no function among ${names.join(', ')}`
}

function methodsOf(given: object): string[] {
  const prototype: unknown = Object.getPrototypeOf(given)
  if (prototype === null || prototype === Object.prototype) return []
  return Object.getOwnPropertyNames(prototype).filter((name) => {
    return name !== 'constructor' && typeof Object.getOwnPropertyDescriptor(prototype, name)?.value === 'function'
  })
}

function isClass(fn: object): boolean {
  return Object.getOwnPropertyDescriptor(fn, 'prototype')?.writable === false
}

function described(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  return Array.isArray(value) ? 'a list' : `a value of type ${typeof value}`
}

function invalid(kind: 'workflows' | 'activities', problem: string): PerdureError {
  return new PerdureError(
    'REGISTRATION_INVALID',
    `engine.${kind}.register(): ${problem}; pass a module (import * as ${kind} from './${kind}.ts'), ` +
      'an object of functions, or a name and a function',
  )
}

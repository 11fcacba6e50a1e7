/** What a program has in memory while it runs. */
import type { CancellationScope } from '@perdure/workflow'
import { workflowInfo } from '@perdure/workflow'
import type { FarLeaf, Program } from './program.ts'

/** What a run did, in order, and what it keeps in memory: more than its commands show. */
export interface Observed {
  readonly trace: readonly string[]
  readonly variables: readonly number[]
}

/** How a step ended, other than by throwing: 'return' leaves the function, 'break' the loop. */
export type Completion = 'done' | 'return' | 'break'

export interface Machine extends Observed {
  readonly program: Program
  readonly far: Far | undefined
  /** One of the program's functions. */
  readonly call: (index: number, place: string) => Promise<void>
  readonly trace: string[]
  readonly variables: number[]
  readonly gates: readonly PromiseWithResolvers<void>[]
  readonly scopes: Map<number, CancellationScope>
  readonly spawned: Map<number, Promise<Completion>>
  readonly startedAt: number
}

/** What reaches beyond the execution itself. */
export interface Far {
  /** Before anything else runs. */
  begin(machine: Machine): void
  run(machine: Machine, leaf: FarLeaf, place: string): Promise<void>
  isPatched(machine: Machine, id: string, place: string): boolean
}

export function note(machine: Machine, place: string, what: unknown): void {
  const told = what instanceof Error ? `${what.name}: ${what.message}` : String(what)
  machine.trace.push(`${place} ${told} +${Date.now() - machine.startedAt} ${workflowInfo().historyLength}`)
}

export function holds(machine: Machine, { variable, atLeast }: { readonly variable: number; readonly atLeast: number }): boolean {
  return (machine.variables[variable] ?? 0) >= atLeast
}

export function add(machine: Machine, variable: number, value: number): void {
  machine.variables[variable] = (machine.variables[variable] ?? 0) + value
}

/** The functions of a module, by their names. */
import { testOptionsInvalid } from './test-options.ts'

export function functionsByName<Fn>(module: object, where: string): ReadonlyMap<string, Fn> {
  const functions = new Map<string, Fn>()
  for (const [name, member] of Object.entries(module) as [string, unknown][]) {
    if (typeof member === 'function') functions.set(name, member as Fn)
  }
  if (functions.size === 0 && Object.keys(module).length > 0) {
    throw testOptionsInvalid(`There is no function among the ${where}: ${Object.keys(module).join(', ')}`)
  }
  return functions
}

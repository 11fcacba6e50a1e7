/**
 * What an engine has that is code, and no flag or setting can hold: converters, codecs, interceptors. A module of the user's
 * exports it, the same that the program takes it from.
 */
import { didYouMean } from '@perdure/workflow/host'
import type { EngineOptions, WorkerOptions } from '../engine-options.ts'
import { CliError } from './cli-error.ts'
import { loadOther } from './load-modules.ts'
import type { GlobalOptions } from './options.ts'

export interface OptionsInCode extends Pick<EngineOptions, 'dataConverter' | 'interceptors'> {
  readonly workflowFailureErrorTypes?: NonNullable<WorkerOptions['workflowFailureErrorTypes']>
}

const known: readonly (keyof OptionsInCode)[] = ['dataConverter', 'interceptors', 'workflowFailureErrorTypes']
/** Temporal's modules export these by themselves. */
const ofDataConverter: readonly string[] = ['payloadConverter', 'failureConverter', 'payloadCodecs']

/** @throws CliError MODULE_NOT_FOUND, MODULE_INVALID */
export async function optionsInCode({ engineOptions: path }: GlobalOptions): Promise<OptionsInCode> {
  if (path === undefined) return {}
  const exported = await loadOther('file of engine options', path)
  const names = Object.keys(exported)
  for (const name of names) {
    const hint = [...known, ...ofDataConverter].includes(name) ? '' : didYouMean(name, known.filter((each) => !names.includes(each)))
    if (hint !== '') throw new CliError('MODULE_INVALID', `The file of engine options ${path} exports ${name}${hint}`)
  }
  const found = known.filter((name) => exported[name] !== undefined)
  if (found.length === 0) throw noOptions(path, names)
  return Object.fromEntries(found.map((name) => [name, exported[name]]))
}

function noOptions(path: string, names: readonly string[]): CliError {
  const parts = names.filter((name) => ofDataConverter.includes(name))
  const remedy = parts.length === 0
    ? 'export const dataConverter = { ... }'
    : `export const dataConverter = { ${parts.join(', ')} }`
  const what = `exports none of ${known.join(', ')}`
  return new CliError('MODULE_INVALID', `The file of engine options ${path} ${what}, but ${names.join(', ') || 'nothing'}; write ${remedy}`)
}

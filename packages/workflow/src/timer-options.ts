import type { TimerOptions } from './interceptors.ts'
import { invalidOption, otherCall, refuseUnknownOptions, textOption } from './option-checks.ts'

/** @throws PerdureError OPTIONS_INVALID */
export function checkTimerOptions(options: TimerOptions | undefined, what: string): TimerOptions | undefined {
  if (options === undefined) return undefined
  const call = otherCall(what)
  if (typeof options !== 'object' || options === null) throw invalidOption(call, `they are ${String(options)}; pass an object, or nothing`)
  refuseUnknownOptions(options, ['summary'], call, ['eventGroups'])
  textOption(options.summary, 'summary', call)
  return options
}

/** Recorded answers, with the declared differences in them. Pure. */
import { absent, type Difference } from './differences.ts'
import { sameEvents } from './wording.ts'

type Json = unknown

/** What a scenario must answer on Perdure. */
export function expectedOf(name: string, recorded: Json, differences: readonly Difference[]): Json {
  let answer = levelled(recorded, differences)
  for (const { changes } of differences) {
    for (const [path, value] of Object.entries(changes?.[name] ?? {})) answer = changed(answer, path.split('.'), value)
  }
  return answer
}

/** What differs on purpose in all answers is taken out. */
export function levelled(value: Json, differences: readonly Difference[]): Json {
  if (typeof value === 'string') return value.replace(/^Unhandled Promise rejection: \w+: /, '')
  if (isHistory(value)) return sameEvents(value)
  if (Array.isArray(value)) return value.map((each) => levelled(each, differences))
  if (typeof value !== 'object' || value === null) return value
  const applied = differences.reduce((now, { apply }) => apply?.(now) ?? now, value as Readonly<Record<string, unknown>>)
  return Object.fromEntries(Object.entries(applied).map(([key, each]) => [key, levelled(each, differences)]))
}

function isHistory(value: Json): value is readonly string[] {
  return Array.isArray(value) && typeof value[0] === 'string' && value[0].startsWith('WorkflowExecutionStarted')
}

/** @throws when there is nothing at the path, or what is there already is the value: a difference that is none */
function changed(value: Json, path: readonly string[], to: unknown): Json {
  const [first, ...rest] = path
  if (first === undefined || first === '') return to
  const known = (typeof value === 'object' && value !== null ? value : {}) as Readonly<Record<string, unknown>>
  const before = known[first]
  if (rest.length === 0 && JSON.stringify(before) === JSON.stringify(to === absent ? undefined : to)) {
    throw new Error(`the declared difference at "${first}" is none: the recording has the same`)
  }
  const after = rest.length === 0 ? to : changed(before, rest, to)
  if (Array.isArray(value)) return value.flatMap((each, index) => String(index) !== first ? [each] : after === absent ? [] : [after])
  const { [first]: _, ...others } = known
  return after === absent ? others : { ...known, [first]: after }
}

/** Which settings there are, read off the schema: their paths, their kinds, and what an unknown key probably means. */
import { didYouMean } from '@perdure/workflow/host'
import { z } from 'zod'
import { settingsSchema } from './settings-schema.ts'

export type Path = readonly (string | number)[]

/** How a text from the environment is read. */
export type Kind = 'number' | 'boolean' | 'list' | 'choice' | 'text'

export interface Leaf {
  readonly path: readonly string[]
  readonly schema: z.ZodType
}

/** What a path of keys leads to; undefined: there is no such setting. */
export function schemaAt(path: Path): z.ZodType | undefined {
  let schema: z.ZodType | undefined = settingsSchema
  for (const key of path) {
    const outer: z.ZodType | undefined = schema
    if (outer instanceof z.ZodObject) schema = Object.hasOwn(outer.shape, key) ? bare(outer.shape[key] as z.ZodType) : undefined
    else if (outer instanceof z.ZodRecord) schema = bare(outer.valueType as z.ZodType)
    else if (outer instanceof z.ZodArray) schema = bare(outer.element as z.ZodType)
    else return undefined
  }
  return schema
}

export function isMapping(schema: z.ZodType | undefined): boolean {
  return schema instanceof z.ZodObject || schema instanceof z.ZodRecord
}

export function kindOf(schema: z.ZodType): Kind {
  if (schema instanceof z.ZodNumber) return 'number'
  if (schema instanceof z.ZodBoolean) return 'boolean'
  if (schema instanceof z.ZodArray) return 'list'
  return schema instanceof z.ZodEnum ? 'choice' : 'text'
}

/** Every single setting, those of the given queues included. */
export function leavesOf(queues: Iterable<string>): Leaf[] {
  return [...leavesBelow([]), ...[...queues].flatMap((queue) => leavesBelow(['queues', queue]))]
}

function leavesBelow(path: readonly string[]): Leaf[] {
  const schema = schemaAt(path)
  if (schema === undefined || schema instanceof z.ZodRecord) return []
  if (!(schema instanceof z.ZodObject)) return [{ path, schema }]
  return Object.keys(schema.shape).flatMap((key) => leavesBelow([...path, key]))
}

/** For the end of a message about a key that does not exist at this place. */
export function suggestion(key: string, path: Path): string {
  const schema = schemaAt(path)
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
  const wanted = squeezed(key)
  const same = known.find((each) => squeezed(each) === wanted) ?? (path.length === 0 ? otherNames.get(wanted) : undefined)
  if (same !== undefined) return `; did you mean '${same}'?`
  const elsewhere = leavesBelow([]).find((leaf) => squeezed(leaf.path.at(-1) ?? '') === wanted)
  if (elsewhere !== undefined) {
    const [top = '', ...below] = elsewhere.path
    return below.length === 0 ? `; '${top}' stands at the top level` : `; did you mean '${elsewhere.path.join('.')}'?`
  }
  return didYouMean(key, known) || `; known are ${known.join(', ')}`
}

/** `taskQueue`, `TaskQueue` and `task-queue` are all meant as `task_queue`. */
function squeezed(key: string): string {
  return key.toLowerCase().replaceAll(/[_\s-]/g, '')
}

/** The option of Engine.open, and words of other configurations. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ['database', 'url'], ['address', 'url'], ['host', 'url'], ['loglevel', 'logging.level'],
])

function bare(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodOptional ? bare(schema.unwrap() as z.ZodType) : schema
}

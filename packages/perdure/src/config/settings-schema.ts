/**
 * The settings of `perdure.yaml`: one schema that checks them, types them, and becomes the JSON schema for editors.
 *
 * Every check has what is expected as its message ("a whole number of at least 1"): the reader of the file says where and
 * what was found instead. Nothing has a default here; defaults are those of Engine.open, and `meta` only tells them.
 */
import { queueRateMax, queueRateMin } from '@perdure/engine'
import { durationToMs } from '@perdure/workflow/host'
import { z } from 'zod'
import { strangeScheme } from '../engine-options.ts'
import { levelDefault, logFormats, logLevels } from '../logging/log-settings.ts'

const limitsShape = {
  max_concurrent_workflows: count(1).meta({ description: 'Executions that a worker owns at once.', default: 10_000 }).optional(),
  max_concurrent_activities: count(1).meta({ description: 'Activities that a worker runs at once.', default: 100 }).optional(),
  activities_per_second: rate().meta({ description: 'Activities that a worker starts in a second. Default: no limit.' }).optional(),
}

const workerSchema = mapping({
  enabled: flag().meta({ description: 'False: this process only starts workflows; it never runs or recovers work.', default: true })
    .optional(),
  task_queues: names().meta({ description: 'Task queues that the worker serves. Default: the task_queue.' }).optional(),
  ...limitsShape,
  max_cached_workflows: count(0).meta({
    description: 'Live executions kept in memory; 0: every event replays its execution from the beginning.', default: 1_000,
  }).optional(),
  max_cached_megabytes: count(1).meta({
    description: 'Histories behind the live executions kept in memory, in MiB; what they hold grows with it.', default: 256,
  }).optional(),
  shutdown_grace_time: duration().meta({
    description: 'How long running activities may take to end when the worker stops: milliseconds, or a text such as 30 seconds.',
    default: '5 seconds',
  }).optional(),
  build_id: name().meta({ description: 'Version of the workflow code. Default: a hash of the registered workflows.' }).optional(),
}, 'a mapping of worker settings, such as enabled: false').meta({ description: 'The worker of this process.' })

const queueSchema = mapping({
  max_concurrent_workflows: count(1).meta({ description: 'Executions of this queue that a worker owns at once.' }).optional(),
  max_concurrent_activities: count(1).meta({ description: 'Activities of this queue that a worker runs at once.' }).optional(),
  activities_per_second: rate().meta({ description: 'Activities of this queue that start in a second, over all workers.' }).optional(),
}, 'a mapping of limits')

function queuesExpected({ code }: { readonly code: string }): string {
  return code === 'invalid_key' ? 'a text of at least one character' : 'a mapping of task queues to their limits'
}

const loggingSchema = mapping({
  level: z.enum(logLevels, { error: `one of ${logLevels.join(', ')}` })
    .meta({ description: 'What is less grave is not written.', default: levelDefault }).optional(),
  format: z.enum(logFormats, { error: `one of ${logFormats.join(', ')}` })
    .meta({ description: 'A readable line for each entry, or a JSON object a line. Default: text where stderr is a terminal.' }).optional(),
}, 'a mapping with level and format').meta({ description: 'The log, on stderr.' })

const cliSchema = mapping({
  engine_options: name().meta({
    description: 'Module (from the folder of this file) that exports dataConverter, interceptors or workflowFailureErrorTypes.',
  }).optional(),
}, 'a mapping with engine_options').meta({ description: 'The command line alone: a program gives its own options to Engine.open().' })

export const settingsSchema = mapping({
  enabled: flag().meta({ description: 'False: nothing is opened, and every call fails with ENGINE_DISABLED.', default: true }).optional(),
  url: database().meta({
    description: 'The database: path of a SQLite file (from the folder of this file), a postgres:// URL, or :memory:.',
    default: 'perdure.db',
  }).optional(),
  namespace: name().meta({ description: 'Executions of one namespace do not see those of another.', default: 'default' }).optional(),
  task_queue: name().meta({ description: 'Task queue of starts that name none, and the one that the worker serves.', default: 'default' })
    .optional(),
  identity: name().meta({ description: 'Who this is, in histories and lists of workers. Default: pid@hostname.' }).optional(),
  worker: workerSchema.optional(),
  queues: z.record(name(), queueSchema, { error: queuesExpected })
    .meta({ description: 'Limits of task queues, by name.' }).optional(),
  logging: loggingSchema.optional(),
  cli: cliSchema.optional(),
}, 'a mapping of settings')

export type Settings = z.infer<typeof settingsSchema>

/** Sections of which one may hold all settings, as in the configuration of a whole application. */
export const sectionNames = ['perdure', 'temporal'] as const

function mapping<Shape extends z.core.$ZodLooseShape>(shape: Shape, expected: string) {
  return z.strictObject(shape, { error: expected })
}

function name() {
  const expected = 'a text of at least one character'
  return z.string({ error: expected }).min(1, { error: expected })
}

function names() {
  const expected = 'a list of names'
  return z.array(name(), { error: expected }).min(1, { error: expected })
}

function flag() {
  return z.boolean({ error: 'true or false' })
}

function count(least: number) {
  const expected = `a whole number of at least ${least}`
  return z.int({ error: expected }).min(least, { error: expected })
}

function rate() {
  const expected = `a number from ${queueRateMin} to ${queueRateMax}`
  return z.number({ error: expected }).min(queueRateMin, { error: expected }).max(queueRateMax, { error: expected })
}

function duration() {
  const expected = "milliseconds as a number, or a number with a unit such as '30 seconds'"
  return z.union([z.number(), z.string()], { error: expected }).refine(isDuration, { error: expected })
}

function isDuration(value: string | number): boolean {
  try {
    durationToMs(value, '')
    return true
  } catch {
    return false
  }
}

/** A Temporal server's address is what people bring from elsewhere; taken for a file it would make an odd one. */
function database() {
  const expected = "the path of a SQLite file ('orders.db'), ':memory:', or a URL 'postgres://user:password@host:5432/database'"
  return z.string({ error: expected }).min(1, { error: expected })
    .refine((url) => strangeScheme(url) === undefined, { error: expected })
    .refine((url) => !/^[\w.-]+:\d+$/.test(url), { error: `${expected}; the address of a Temporal server is not supported` })
}

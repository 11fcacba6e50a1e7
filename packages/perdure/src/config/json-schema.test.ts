import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Duration } from '@perdure/workflow'
import { parse } from 'yaml'
import { z } from 'zod'
import { resolveOptions } from '../engine-options.ts'
import { loadConfiguration } from './configuration.ts'
import { fileSettings } from './file-settings.ts'
import { configurationJsonSchema } from './json-schema.ts'
import { readYaml } from './yaml-tree.ts'

const root = join(import.meta.dirname, '../../../..')
const schemaFile = join(root, 'packages/perdure/perdure.schema.json')

test('perdure.schema.json is the schema of the settings', () => {
  const schema = `${JSON.stringify(configurationJsonSchema(), null, 2)}\n`
  if (process.env['UPDATE_SCHEMA'] === '1') writeFileSync(schemaFile, schema)
  const remedy = 'to write it anew: UPDATE_SCHEMA=1 node --test packages/perdure/src/config/json-schema.test.ts'
  assert.equal(readFileSync(schemaFile, 'utf8'), schema, remedy)
})

test('the package shows the schema to editors', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'packages/perdure/package.json'), 'utf8')) as { exports: Record<string, string> }
  assert.equal(manifest.exports['./perdure.schema.json'], './perdure.schema.json')
})

test('the defaults that the schema tells are those of Engine.open', () => {
  const { definitions: properties } = configurationJsonSchema() as { definitions: Record<string, Told> }
  const { database, namespace, taskQueue, worker } = resolveOptions({})
  assert.deepEqual(
    [properties['url'], properties['namespace'], properties['task_queue']].map((told) => told?.default), [database, namespace, taskQueue],
  )
  const told = properties['worker']?.properties ?? {}
  assert.deepEqual(
    [told['max_concurrent_workflows'], told['max_concurrent_activities'], told['max_cached_workflows']].map((each) => each?.default),
    [worker?.maxConcurrentWorkflows, worker?.maxConcurrentActivities, worker?.maxCachedWorkflows],
  )
  assert.deepEqual(
    resolveOptions({ worker: { shutdownGraceTime: String(told['shutdown_grace_time']?.default) as Duration } }).worker?.shutdownGraceMs,
    worker?.shutdownGraceMs,
  )
})

interface Told {
  readonly default?: unknown
  readonly properties?: Readonly<Record<string, Told>>
}

test('what editors accept is what is read, and what they refuse is refused', () => {
  const schema = z.fromJSONSchema(configurationJsonSchema())
  const accepted = [
    {}, null, { worker: null }, { queues: { mails: null } }, { enabled: '${ENABLED:-true}' }, { worker: { max_cached_workflows: '${N}' } },
    { worker: { task_queues: '${QUEUES}' } }, { worker: { shutdown_grace_time: 500 } }, { temporal: { url: 'x.db' } }, { perdure: null },
  ]
  const refused = [
    { wroker: {} }, { enabled: 'yes' }, { url: 5 }, { url: '' }, { worker: { max_concurrent_activities: 0 } }, [],
    { worker: { task_queues: [] } }, { worker: { activities_per_second: 0 } }, { queues: { mails: { rate: 1 } } },
    { logging: { level: 'loud' } }, { temporal: { a: 1 } },
  ]
  const isRead = (value: unknown) => {
    const yaml = readYaml(JSON.stringify(value))
    assert.equal(yaml.type, 'tree')
    return yaml.type === 'tree' && fileSettings(yaml.tree, { N: '5', QUEUES: 'a,b' }).problems.length === 0
  }
  for (const value of accepted) assert.deepEqual([schema.safeParse(value).success, isRead(value)], [true, true], JSON.stringify(value))
  for (const value of refused) assert.deepEqual([schema.safeParse(value).success, isRead(value)], [false, false], JSON.stringify(value))
})

test('the example of four queues is read, and names its schema for editors', async () => {
  const file = join(root, 'examples/configuration/perdure.yaml')
  const text = readFileSync(file, 'utf8')
  const [, named = ''] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text) ?? []
  assert.equal(join(file, '..', named), schemaFile)
  const { settings } = await loadConfiguration({ path: file, env: {} })
  assert.deepEqual(settings.queues, {
    'high-priority': { max_concurrent_workflows: 100, max_concurrent_activities: 50 },
    'standard': { max_concurrent_workflows: 50, max_concurrent_activities: 25 },
    'background': { max_concurrent_workflows: 10, max_concurrent_activities: 5 },
    'scheduled': { max_concurrent_workflows: 5, max_concurrent_activities: 5 },
  })
  assert.equal(settings.url, join(root, 'examples/configuration/perdure.db'))
  const schema = z.fromJSONSchema(configurationJsonSchema())
  assert.deepEqual(schema.safeParse(parse(text)).error, undefined)
})

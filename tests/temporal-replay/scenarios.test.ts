/** What the scenarios of tests/parity left on a Temporal server: children, updates, patches, next runs, external handles, ... */
import './scenario-names.ts'
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { runReplayHistory } from 'perdure/testing'
import { leaveRejectionsInWorkflows } from '../../packages/engine/test/unhandled-context.ts'
import { type RecordedHistory, recordedHistories } from './recorded.ts'

/** Differences that are known: their workflow types, how many, and what is told. */
const known: readonly (readonly [type: string, count: number, told: RegExp])[] = [
  ['nobodyHasIt', 1, /not among the workflows given/],
  // Values that JSON has no form for are refused here, and empty objects there.
  ['returns', 3, /is a function|is a Map/],
  // An update whose handler continues as new has an end here.
]

async function modules(): Promise<readonly Readonly<Record<string, unknown>>[]> {
  // As they were when their histories were recorded.
  const folder = join(import.meta.dirname, 'scenario-workflows')
  return Promise.all(readdirSync(folder).map((file) => import(join(folder, file)) as Promise<Record<string, unknown>>))
}

function typeOf({ history: { events: [first] } }: RecordedHistory): string {
  const attributes = first?.['workflowExecutionStartedEventAttributes'] as { readonly workflowType: { readonly name: string } } | undefined
  return attributes?.workflowType.name ?? assert.fail()
}

test('histories of all features replay, whose workflows are written for Temporal', async () => {
  leaveRejectionsInWorkflows()
  const all = await modules()
  const differences: { readonly type: string; readonly message: string }[] = []
  const histories = recordedHistories('scenarios')
  for (const recorded of histories) {
    const type = typeOf(recorded)
    // Several files have versions of one workflow, as after a deployment.
    const code = all.filter((each) => typeof each[type] === 'function')
    const errors = await Promise.all((code.length === 0 ? [{}] : code).map(async (workflows) => {
      return runReplayHistory({ workflows }, recorded.history).then(() => undefined, (error: unknown) => error as Error)
    }))
    if (errors.every((error) => error !== undefined)) differences.push({ type, message: errors[0]?.message ?? '' })
  }
  const left = [...differences]
  for (const [type, count, told] of known) {
    const found = left.filter((each) => each.type === type && told.test(each.message))
    assert.equal(found.length, count, `${type}: ${JSON.stringify(left.filter((each) => each.type === type), null, 1)}`)
    for (const each of found) left.splice(left.indexOf(each), 1)
  }
  assert.deepEqual(left, [])
  assert.ok(histories.length > 390)
})

/** What few batches have, as the one parameter that is null in all others (migrations/0006-between-executions.ts). */
import { StoreRejectedError } from '@perdure/engine'
import type { Incarnation, Outgoing, OutgoingOutcome, RunId, StartRecord, Transition } from '@perdure/engine'
import { linkRow, nextRow, startRow } from './start-row.ts'

/** How a start among outgoing requests is made: as `apart` of a commit. */
type Apart = (start: StartRecord) => number | null

export interface Asked {
  readonly runId: RunId
  readonly one: Outgoing
}

export function refuseIllegal({ outgoing = [], close, release }: Transition): void {
  if (outgoing.length > 0 && (close !== null || release !== null)) {
    throw new StoreRejectedError('A transition with outgoing requests neither closes nor releases')
  }
  if (outgoing.some(one => one.type === 'start' && one.start.conflictPolicy === 'TERMINATE_EXISTING')) {
    throw new StoreRejectedError('A child terminates no open run of its workflow id: its conflict policy is FAIL or USE_EXISTING')
  }
}

/** All requests of a batch; the number of each is its place here, from 1. */
export function askedOf(transitions: readonly Transition[]): readonly Asked[] {
  return transitions.flatMap(({ runId, outgoing = [] }) => outgoing.map(one => ({ runId, one })))
}

/** @param transitions in the order of the batch @param starts in the order in which they are sent */
export function rareValue(
  incarnation: Incarnation | null, starts: readonly StartRecord[], transitions: readonly Transition[], apart: Apart,
): string | null {
  const parts = {
    links: linksOf(starts), ...closesOf(incarnation, transitions), ...writesOf(transitions),
    ...outgoingOf(incarnation, askedOf(transitions), apart),
  }
  return Object.values(parts).every(part => part === undefined) ? null : JSON.stringify(parts)
}

function linksOf(starts: readonly StartRecord[]): object | undefined {
  const links = starts.flatMap(({ link }, index) => (link === undefined ? [] : [[index + 1, linkRow(link)] as const]))
  return links.length === 0 ? undefined : Object.fromEntries(links)
}

function closesOf(incarnation: Incarnation | null, transitions: readonly Transition[]) {
  const parents = transitions.filter(({ close }) => close?.hasChildren === true).map(({ runId }) => runId)
  const next = transitions.flatMap(({ runId, close }) => (close?.next === undefined ? [] : [nextRow(runId, close.next, incarnation)]))
  return { parents: given(parents), next: given(next) }
}

function writesOf(transitions: readonly Transition[]) {
  const updates = transitions.flatMap(({ runId, updates: changes = [] }) => (
    [...new Map(changes.map(change => [change.updateId, change])).values()].map(({ updateId, stage, result, failure }) => (
      { run_id: runId, update_id: updateId, stage, result, failure }))))
  const upserts = transitions.flatMap(({ runId, upsert }) => (
    upsert === undefined ? [] : [{
      run_id: runId, memo: upsert.memo, search_attributes: upsert.searchAttributes, details: upsert.details,
    }]))
  return { updates: given(updates), upserts: given(upserts) }
}

function outgoingOf(incarnation: Incarnation | null, asked: readonly Asked[], apart: Apart) {
  const starts = asked.flatMap(({ runId, one }, index) => (
    one.type === 'start' ? [{ n: index + 1, asking: runId, record: one.start }] : []))
  starts.sort((a, b) => compare(a.record.namespace, b.record.namespace) || compare(a.record.workflowId, b.record.workflowId))
  const messages = asked.flatMap(({ runId, one }, index) => {
    if (one.type !== 'message') return []
    const { to: { namespace, workflowId, runId: run, firstRunId }, message: { type, data }, closedIsDone = false } = one
    const to = { namespace, workflow_id: workflowId, run_id: run, first: firstRunId, closed_is_done: closedIsDone }
    return [{ n: index + 1, asking: runId, ...to, type, data }]
  })
  const answers = asked.map(({ runId, one: { done, refused } }, index) => (
    { n: index + 1, asking: runId, done_type: done.type, done_data: done.data, refused_type: refused.type, refused_data: refused.data }))
  return {
    starts: given(starts.map(({ n, asking, record }) => ({ n, asking, apart: apart(record), start: startRow(record, incarnation) }))),
    messages: given(messages), answers: given(answers),
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function given<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list
}

/** By run, as they were asked: those of transitions that were carried out. */
export function outgoingOutcomes(
  transitions: readonly Transition[], sent: readonly (OutgoingOutcome | null)[],
): ReadonlyMap<RunId, readonly OutgoingOutcome[]> {
  const outcomes = new Map<RunId, OutgoingOutcome[]>()
  for (const [index, { runId }] of askedOf(transitions).entries()) {
    const outcome = sent[index] ?? null
    if (outcome === null) continue
    const list = outcomes.get(runId) ?? []
    outcomes.set(runId, list)
    list.push(outcome)
  }
  return outcomes
}

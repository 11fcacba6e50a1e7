/** What must hold after a run with kills, for one execution. */
import assert from 'node:assert/strict'
import type { EventRecord } from '@perdure/engine'
import type { StepLine } from './activities.ts'
import { type MixedResult, signalsWanted, stepNames } from './mixed-workflows.ts'
import type { TenSteps } from './workflows.ts'

/** What was recorded before a kill is the beginning of what is recorded at the end, which has no gaps. */
export function checkPrefix(before: readonly EventRecord[], final: readonly EventRecord[]): void {
  assert.deepEqual(final.slice(0, before.length), before, 'what was recorded is lost or changed')
  assert.deepEqual(final.map((event) => event.seq), final.map((_, index) => index + 1), 'the history has gaps')
}

/** Of each step the last attempt is the one that counts: none began after its result was recorded. */
export function checkSteps(result: TenSteps, lines: readonly StepLine[]): void {
  const last = lastOfEach(lines)
  const names = ['1', '2', '3', '4', '5', result.once === 'completed' ? 'once' : 'made good', '7', '8', '9', '10']
  assert.deepEqual(result.tokens, names.map((name) => last.get(name)?.token))
  assert.ok(lines.filter((line) => line.step === 'once').length <= 1, 'what may run once ran at most once')
  assert.equal(lines.some((line) => line.step === 'made good'), result.once === 'lost')
}

/**
 * The same for ten plain steps; and each note came once, or at most as often as it was sent.
 * @param sent how often each note was sent
 */
export function checkMixed({ tokens, notes }: MixedResult, lines: readonly StepLine[], sent: ReadonlyMap<string, number>): void {
  const last = lastOfEach(lines)
  assert.deepEqual(tokens, stepNames.map((name) => last.get(name)?.token))
  assert.equal(sent.size, notes.length === 0 ? 0 : signalsWanted)
  for (const [note, times] of sent) {
    const came = notes.filter((each) => each === note).length
    assert.ok(came >= 1 && came <= times, `note '${note}' was sent ${times} times and came ${came} times`)
  }
  assert.ok(notes.every((note) => sent.has(note)), 'a note came that nobody sent')
  const firsts = notes.filter((note, index) => notes.indexOf(note) === index)
  assert.deepEqual(firsts, [...sent.keys()], 'notes came in another order than they were sent in')
}

/** Of each step the execution of its last attempt, and no attempt twice. A worker that was frozen may tell late of one that is over. */
function lastOfEach(lines: readonly StepLine[]): ReadonlyMap<string, StepLine> {
  const last = new Map<string, StepLine>()
  const seen = new Set<string>()
  for (const line of lines) {
    const attempt = `attempt ${line.attempt} of step ${line.step} of ${line.workflowId}`
    assert.ok(!seen.has(attempt), `${attempt} was made twice`)
    seen.add(attempt)
    if (line.attempt > (last.get(line.step)?.attempt ?? 0)) last.set(line.step, line)
  }
  return last
}

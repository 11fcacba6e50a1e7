/** Workflows of ten steps each, in five shapes; what they return tells which execution of each step counted. */
import { condition, defineSignal, executeChild, proxyActivities, setHandler, sleep, workflowInfo } from 'perdure/workflow'
import type { StepActivities } from './activities.ts'

const { step } = proxyActivities<StepActivities>({
  startToCloseTimeout: '1 minute', retry: { initialInterval: 10, maximumInterval: 100 },
})

export const stepNames: readonly string[] = Array.from({ length: 10 }, (_, index) => `${index + 1}`)
export const signalsWanted = 3
export const noteSignal = defineSignal<[note: string]>('note')
export const sleepMs = 50

export interface MixedResult {
  /** What each step returned, in the order of stepNames. */
  readonly tokens: readonly string[]
  /** Each signal that came, in order. */
  readonly notes: readonly string[]
}

/** Ten steps at once. */
export async function fanOut(): Promise<MixedResult> {
  const { workflowId } = workflowInfo()
  return { tokens: await Promise.all(stepNames.map((name) => step(workflowId, name))), notes: [] }
}

/** A timer before every other step. */
export async function timed(): Promise<MixedResult> {
  const { workflowId } = workflowInfo()
  const tokens: string[] = []
  for (const [index, name] of stepNames.entries()) {
    if (index % 2 === 0) await sleep(sleepMs)
    tokens.push(await step(workflowId, name))
  }
  return { tokens, notes: [] }
}

/** After every third step it waits for one more note than before. */
export async function signalled(): Promise<MixedResult> {
  const { workflowId } = workflowInfo()
  const notes: string[] = []
  setHandler(noteSignal, (note) => { notes.push(note) })
  const tokens: string[] = []
  for (const [index, name] of stepNames.entries()) {
    if (index % 3 === 2) await condition(() => new Set(notes).size > Math.floor(index / 3))
    tokens.push(await step(workflowId, name))
  }
  return { tokens, notes }
}

/** A timer or a note, whichever comes first, before every other step; the loser of each race is left behind. */
export async function racing(): Promise<MixedResult> {
  const { workflowId } = workflowInfo()
  const notes: string[] = []
  setHandler(noteSignal, (note) => { notes.push(note) })
  const tokens: string[] = []
  for (const [index, name] of stepNames.entries()) {
    if (index % 2 === 0) {
      const seen = notes.length
      await Promise.race([sleep(sleepMs), condition(() => notes.length > seen)])
    }
    tokens.push(await step(workflowId, name))
  }
  await condition(() => new Set(notes).size >= signalsWanted)
  return { tokens, notes }
}

/** Two children do five steps each, in turn. */
export async function family(): Promise<MixedResult> {
  const { workflowId } = workflowInfo()
  const tokens = await Promise.all([stepNames.slice(0, 5), stepNames.slice(5)].map((names, index) => (
    executeChild(half, { workflowId: `${workflowId} child ${index + 1}`, args: [workflowId, names] }))))
  return { tokens: tokens.flat(), notes: [] }
}

export const childrenOfFamily = 2

export async function half(family: string, names: readonly string[]): Promise<readonly string[]> {
  const tokens: string[] = []
  for (const name of names) tokens.push(await step(family, name))
  return tokens
}

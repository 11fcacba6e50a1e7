/**
 * What a process under test has asked for, been told and done, one line at a time; each line is written before whatever
 * follows it, and outlives the process.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs'

export type Line =
  | { readonly what: 'start asked'; readonly workflowId: string }
  | { readonly what: 'started'; readonly workflowId: string; readonly runId: string }
  /** Or an update, whose values are above 100, or below zero to be rejected. */
  | { readonly what: 'signal asked' | 'signal acknowledged' | 'update rejected'; readonly workflowId: string; readonly value: number }
  | { readonly what: 'cancel asked' | 'cancel acknowledged' | 'terminate asked' | 'terminate acknowledged'; readonly workflowId: string }
  /** An attempt of a step began. */
  | {
    readonly what: 'ran'; readonly workflowId: string; readonly runId: string; readonly step: string; readonly attempt: number
    /** What this attempt returns, and no other. */
    readonly token: string
  }
  | { readonly what: 'result'; readonly workflowId: string; readonly result: unknown }

export interface Journal {
  tell(line: Line): void
}

export function openJournal(file: string): Journal {
  return { tell: line => appendFileSync(file, `${JSON.stringify(line)}\n`) }
}

/** Without a last line that is still being written. */
export function readJournal(file: string): readonly Line[] {
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8').split('\n').slice(0, -1).map(line => JSON.parse(line) as Line)
}

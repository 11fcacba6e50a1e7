import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Reminder {
  readonly id: string
  readonly to: string
  readonly text: string
  readonly delayMs: number
}

/** What somebody thinks better of while the reminder waits. */
export interface Change {
  readonly id: string
  /** Null: not at all. */
  readonly delayMs: number | null
}

export type ReminderOutcome =
  | { readonly status: 'sent'; readonly id: string; readonly dueAt: number; readonly sentAt: number }
  | { readonly status: 'withdrawn'; readonly id: string }

export function readReminders(): { readonly reminders: readonly Reminder[]; readonly changes: readonly Change[] } {
  const text = readFileSync(join(import.meta.dirname, 'reminders.json'), 'utf8')
  return JSON.parse(text) as { reminders: Reminder[]; changes: Change[] }
}

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Reminder } from './reminder.ts'

/** Mails as files in a folder, in place of a mail server. */
export function createActivities(outbox: string) {
  return {
    /** Says when it was sent. Every attempt has the same message id and the same file: sent twice is sent once. */
    async sendReminder({ id, to, text }: Reminder): Promise<number> {
      await writeFile(join(outbox, `${id}.eml`), `Message-ID: <${id}@example.com>\nTo: ${to}\nSubject: Reminder\n\n${text}\n`)
      return Date.now()
    },
  }
}

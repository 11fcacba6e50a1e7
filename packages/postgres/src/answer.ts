/** Waiting for an answer, and giving up the connection when none comes. */
import type { Client } from 'pg'
import { answerTimeoutMs } from './limits.ts'

/**
 * Cuts the connection when no answer comes. A main thread that was busy for long finds the timer due before it has read
 * the answer that lies in the socket: two turns of the event loop give it the chance to.
 */
export async function answered<T>(client: Client, ask: () => Promise<T>, timeoutMs = answerTimeoutMs): Promise<T> {
  let isPending = true
  // Not end(): a client that pipelines waits with it for the answers.
  const cut = () => {
    if (isPending) client.connection.stream.destroy()
  }
  const timer = setTimeout(() => setImmediate(() => setImmediate(cut)), timeoutMs)
  try {
    return await ask()
  } finally {
    isPending = false
    clearTimeout(timer)
  }
}

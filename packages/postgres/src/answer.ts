/** Waiting for an answer, and giving up the connection when none comes; so also at its end. */
import type { Client } from 'pg'
import { answerTimeoutMs, goodbyeMs } from './limits.ts'

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

/** Ends a connection. The driver waits for the server to close it too, for minutes where it is frozen or out of reach. Never fails. */
export async function ended(client: Client | undefined): Promise<void> {
  const cut = setTimeout(() => client?.connection.stream.destroy(), goodbyeMs)
  try {
    await client?.end()
  } catch {
    // It is over, one way or the other.
  } finally {
    clearTimeout(cut)
  }
}

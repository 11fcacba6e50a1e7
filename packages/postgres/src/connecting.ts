/** One attempt to connect. */
import type { Client } from 'pg'

/** Timers may fire a little early by the other clock. */
const slackMs = 10

/** @param timeoutMs the client's connectionTimeoutMillis; the driver tells of its end as of any connection that broke */
export async function connectWithin(client: Client, timeoutMs: number): Promise<void> {
  const startedAt = performance.now()
  try {
    await client.connect()
  } catch (error) {
    if (performance.now() - startedAt < timeoutMs - slackMs) throw error
    throw Object.assign(new Error(`no answer within ${timeoutMs / 1_000} s`, { cause: error }), { code: 'ETIMEDOUT' })
  }
}

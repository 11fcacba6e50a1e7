/** The recorded databases grow old: what is open in them ends as it would have ended on the day. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'

const hourMs = 3_600_000
/** Behind the timeouts of activities, behind the timers, and behind all that is not meant to last for ever. */
const distances = { '2 hours': 2 * hourMs, '25 days': 25 * 24 * hourMs, '10 years': 10 * 365 * 24 * hourMs }

for (const [distance, laterMs] of Object.entries(distances)) {
  test(`the recorded database is opened and run to its end ${distance} later`, async () => {
    const { NODE_TEST_CONTEXT: _ours, ...env } = process.env
    // In the environment, since the thread that keeps the lease has no options of its process.
    const preload = `--import=${pathToFileURL(join(import.meta.dirname, 'later.ts')).href}`
    const { promise, resolve } = Promise.withResolvers<readonly [number, string]>()
    const child = execFile(process.execPath, [join(import.meta.dirname, 'sqlite.test.ts')],
      { env: { ...env, NODE_OPTIONS: preload, PERDURE_LATER_MS: String(laterMs) } },
      (_error, stdout) => resolve([child.exitCode ?? 1, stdout]))
    const [code, said] = await promise
    assert.equal(code, 0, said)
    assert.match(said, /runs every open execution to its end/)
  })
}

/** The recorded databases grow old: what is open in them ends as it would have ended on the day. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'

test('the recorded database is opened and run to its end ten years later', async () => {
  const { NODE_TEST_CONTEXT: _ours, ...env } = process.env
  const preload = `--import=${pathToFileURL(join(import.meta.dirname, 'later.ts')).href}`
  const { promise, resolve } = Promise.withResolvers<readonly [number, string]>()
  // In the environment, since the thread that keeps the lease has no options of its process.
  const child = execFile(process.execPath, [join(import.meta.dirname, 'sqlite.test.ts')], { env: { ...env, NODE_OPTIONS: preload } },
    (_error, stdout) => resolve([child.exitCode ?? 1, stdout]))
  const [code, said] = await promise
  assert.equal(code, 0, said)
  assert.match(said, /runs every open execution to its end/)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Worker } from 'node:worker_threads'

test('a main thread that does not move is reported with the place where it is', async () => {
  const told = new Int32Array(new SharedArrayBuffer(4))
  const text = new Uint8Array(new SharedArrayBuffer(4_096))
  const thread = new Worker(new URL('../../../test/stall-thread.ts', import.meta.url), { workerData: { told, text }, execArgv: [] })
  await new Promise((resolve) => thread.once('message', resolve))
  loopUntil(told)
  await thread.terminate()
  const found = new TextDecoder().decode(text.slice()).replaceAll('\0', '')
  assert.match(found, new RegExp(`the main thread of process ${process.pid} has not moved for 6 s. It is here:`))
  assert.match(found, /loopUntil \(file:.*stall-watch\.test\.ts:\d+:\d+\)/)
})

function loopUntil(told: Int32Array): void {
  Atomics.store(told, 0, 2)
  while (Atomics.load(told, 0) !== 1);
}

/** Looks at a main thread that hangs, as the thread of a lease does, and lets it go when it has told what it found. */
import { parentPort, workerData } from 'node:worker_threads'
import { createStallWatch } from '../src/worker/turns/stall-watch.ts'

const { told, text } = workerData as { told: Int32Array; text: Uint8Array }
const watch = createStallWatch(new Int32Array(new SharedArrayBuffer(4)), (found) => {
  new TextEncoder().encodeInto(found, text)
  Atomics.store(told, 0, 1)
})
parentPort?.on('message', () => undefined)
parentPort?.postMessage('watching')
// Until the main thread hangs for sure: it says so itself.
while (Atomics.load(told, 0) !== 2) Atomics.wait(told, 0, 0, 10)
watch.look(1_000)
watch.look(6_000)
watch.look(7_000)

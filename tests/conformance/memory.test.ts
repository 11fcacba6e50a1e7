import { createMemoryStore } from '@perdure/testing'
import { storeConformance } from './store-conformance.ts'

storeConformance('memory', async () => {
  let shiftMs = 0
  const store = createMemoryStore({ now: () => Date.now() + shiftMs })
  await store.open()
  return {
    store,
    async ageWorker(serving, ms) {
      shiftMs = -ms
      await store.tick(serving, 5_000)
      shiftMs = 0
    },
    async ageQueue(namespace, taskQueue, ms) {
      shiftMs = -ms
      await store.setQueueLimits(namespace, taskQueue, {}) // keeps the limits, and counts at that time
      shiftMs = 0
    },
    dispose: () => store.close(),
  }
})

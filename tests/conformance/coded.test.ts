/** A store behind payload codecs does all that a store does: its users see what they passed. */
import { codedStore, type PayloadCodec } from '@perdure/engine'
import { createMemoryStore } from '@perdure/testing'
import { storeConformance } from './store-conformance.ts'

const turned = (bytes: Uint8Array | null | undefined): Uint8Array => (bytes ?? new Uint8Array()).toReversed()

const turning: PayloadCodec = {
  encode: async (payloads) => payloads.map(({ metadata, data }) => ({
    metadata: { encoding: new TextEncoder().encode('binary/turned'), inner: metadata?.['encoding'] ?? new Uint8Array() },
    data: turned(data),
  })),
  decode: async (payloads) => payloads.map((payload) => {
    const inner = payload.metadata?.['inner']
    return inner === undefined ? payload : { metadata: { encoding: inner }, data: turned(payload.data) }
  }),
}

storeConformance('memory behind a payload codec', async () => {
  let shiftMs = 0
  const memory = createMemoryStore({ now: () => Date.now() + shiftMs })
  const store = codedStore(memory, [turning], { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} })
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

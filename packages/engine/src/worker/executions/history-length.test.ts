import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { condition, defineQuery, defineSignal, defineUpdate, patched, setHandler, sleep, workflowInfo } from '@perdure/workflow'
import { nextLook, openStage } from '../../../test/worker-stage.ts'
import { asRunId } from '../../protocol/ids.ts'

const changed = defineUpdate<void, [string]>('changed')
const noted = defineSignal<[string]>('noted')
const seenLengths = defineQuery<readonly (readonly [string, number])[]>('seen')

type Note = (what: string) => void

/** What each workflow does besides looking at the length of its history whenever it can. */
const workflows: Readonly<Record<string, { onUpdate(what: string, note: Note): void; main(note: Note): Promise<void> }>> = {
  'with patches in handlers': {
    onUpdate: (what, note) => {
      patched(what)
      note('patched')
    },
    main: async (note) => {
      await sleep(5)
      note('slept')
    },
  },
  'with patches after a timer': {
    onUpdate: () => undefined,
    main: async (note) => {
      patched('at the start')
      note('patched at the start')
      await sleep(5)
      note('slept')
      patched('after the timer')
      note('patched')
      await sleep(5)
      note('slept again')
    },
  },
  'that waits until its history is so long': {
    onUpdate: () => undefined,
    main: async (note) => {
      await condition(() => workflowInfo().historyLength >= 2)
      note('long enough')
    },
  },
}

function workflowOf(name: string): () => Promise<void> {
  return async () => {
    const seen: [string, number][] = []
    const note: Note = (what) => { seen.push([what, workflowInfo().historyLength]) }
    setHandler(seenLengths, () => seen)
    setHandler(noted, (what) => note(`noted ${what}`))
    setHandler(changed, async (what) => {
      note(`changed ${what}`)
      workflows[name]?.onUpdate(what, note)
    })
    note('begun')
    await workflows[name]?.main(note)
    await condition(() => false)
  }
}

suite('the length of its history is the same to code when it is replayed', () => {
  for (const name of Object.keys(workflows)) {
    test(name, async (t) => {
      const stage = openStage(t, { workflows: { looking: workflowOf(name) } })
      const first = await stage.addWorker()
      const handle = await first.client.start('looking', { workflowId: 'w' })
      await handle.executeUpdate(changed, { args: ['one'] })
      await handle.signal(noted, 'one')
      await handle.executeUpdate(changed, { args: ['two'] })
      // All that is to come by itself: two timers at most.
      for (let looks = 0; looks < 10; looks++) await nextLook(stage)
      const stored = await stage.store.readHistory(asRunId(handle.runId), 0, 100)
      const live = await handle.query(seenLengths)
      await first.crash()
      const second = await stage.addWorker()
      stage.aheadMs = 6_000
      const replayed = await second.client.getHandle('w').query(seenLengths)
      assert.deepEqual(replayed.slice(0, live.length), live)
      assert.ok(stored.length >= 5)
    })
  }
})

/** Another process on the same file, started by a test; child-process.ts tells what it can do. */
import { PerdureError } from '@perdure/engine'
import { createSqliteStore } from '@perdure/sqlite'
import type { Task, Told } from './child-process.ts'
import { registered, startOf } from './temporary-folder.ts'

const tell = (told: Told) => new Promise<void>(resolve => {
  process.send?.(told, undefined, undefined, () => resolve())
})
const task = JSON.parse(process.argv[2] ?? '') as Task

try {
  await perform()
  await tell({ type: 'done' })
} catch (error) {
  if (!(error instanceof PerdureError)) throw error
  await tell({ type: 'failed', code: error.code, message: error.message })
}
if (task.do === 'exit') process.exit(3)
// A channel to which nobody listens keeps no process alive.
if (task.do === 'hold') setInterval(() => {}, 1_000)
else process.disconnect()

async function perform(): Promise<void> {
  const store = createSqliteStore({ file: task.file })
  if (task.do === 'openAsNobody' && process.getuid?.() === 0) {
    process.setgid?.(65_534)
    process.setuid?.(65_534)
  }
  await store.open()
  if (task.do === 'start') {
    for (let index = 0; index < task.count; index++) {
      const start = startOf(`${process.pid}-${index}`)
      await store.commit({ incarnation: null, starts: [start], transitions: [] })
      await tell({ type: 'started', workflowId: start.workflowId })
    }
    await store.close()
  }
  if (task.do === 'hold' || task.do === 'leave' || task.do === 'exit') {
    const { incarnation } = await registered(store)
    await store.keepLease(incarnation, 5_000)
    await tell({ type: 'holding', incarnation })
  }
}

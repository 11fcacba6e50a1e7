/** A workflow that is changed while an execution of it is open. `npx node examples/patches/run.ts` */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Engine } from 'perdure'
import * as activities from './activities.ts'
import * as after from './workflows.ts'
import * as before from './workflows-before.ts'

const folder = mkdtempSync(join(tmpdir(), 'perdure-patches-'))

async function openEngine({ purchase }: typeof before | typeof after): Promise<Engine> {
  const engine = await Engine.open({ database: join(folder, 'purchases.db') })
  engine.workflows.register({ purchase })
  engine.activities.register(activities)
  await engine.start()
  return engine
}

try {
  const first = await openEngine(before)
  await first.workflows.start(before.purchase, { workflowId: 'old', args: ['the first customer'] })
  await first.stop()

  await using second = await openEngine(after)
  const fresh = await second.workflows.start(after.purchase, { workflowId: 'new', args: ['the second customer'] })
  const old = second.workflows.getHandle<typeof after.purchase>('old')
  for (const handle of [old, fresh]) {
    await handle.signal(after.confirm)
    console.log(`${handle.workflowId}:`, await handle.result())
  }
} finally {
  rmSync(folder, { recursive: true })
}

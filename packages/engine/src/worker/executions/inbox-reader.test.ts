import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readMax } from '../../limits.ts'
import type { Store } from '../../ports/store.ts'
import { asRunId } from '../../protocol/ids.ts'
import type { InboxMessage } from '../../protocol/inbox-message.ts'
import type { WorkerContext } from '../context/worker-context.ts'
import { InboxReader } from './inbox-reader.ts'

test('a full page of messages for executions that are not here is read once, not for ever', async () => {
  const page: InboxMessage[] = Array.from({ length: readMax }, (_, id) => ({ id, runId: asRunId('elsewhere'), type: 'E', data: '{}' }))
  let reads = 0
  const store: Partial<Store> = { readInbox: async () => { reads++; return page } }
  const executions = { all: () => [], get: () => undefined }
  await new InboxReader({ store, executions } as unknown as WorkerContext).read()
  assert.equal(reads, 1)
})

test('a read asked for in the moment in which another ends looks at the inbox itself', async () => {
  const pages = [Promise.withResolvers<InboxMessage[]>(), Promise.withResolvers<InboxMessage[]>()]
  let reads = 0
  const store: Partial<Store> = { readInbox: () => pages[reads++]?.promise ?? Promise.resolve([]) }
  const reader = new InboxReader({ store, executions: { all: () => [], get: () => undefined } } as unknown as WorkerContext)
  const first = reader.read()
  const second = pages[0]?.promise.then(() => reader.read())
  for (const page of pages) page.resolve([])
  await Promise.all([first, second])
  assert.equal(reads, 2)
})

test('a read waits for one look that begins after it, however many ask later', async () => {
  let reads = 0
  const executions = { all: () => [], get: () => undefined }
  const asked: Promise<void>[] = []
  const store: Partial<Store> = {
    readInbox: async () => {
      // During each look somebody asks again.
      if (++reads < 50) asked.push(reader.read())
      await new Promise((resolve) => void setImmediate(resolve))
      return []
    },
  }
  const reader = new InboxReader({ store, executions } as unknown as WorkerContext)
  await reader.read()
  assert.ok(reads <= 2)
  await asked[0]
  assert.ok(reads <= 4, `waited for ${reads} looks`)
  for (let rest = 0; rest < 50; rest++) await reader.read()
  await Promise.all(asked)
})

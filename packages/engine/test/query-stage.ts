/** Queries as another process asks them: through the store of a stage. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { TestContext } from 'node:test'
import type { QueryReply } from '../src/ports/store.ts'
import { asRunId } from '../src/protocol/ids.ts'
import { decodePayload, encodeArguments } from '../src/protocol/payload-codec.ts'
import { namespace, openStage, taskQueue, type Stage, type StageOptions } from './worker-stage.ts'

export const noArguments = encodeArguments([], 'query')

export interface QueryStage extends Stage {
  /** Looks again and again; ends with its test. */
  until(holds: () => Promise<boolean> | boolean): Promise<void>
  /** The id of the query. */
  ask(runId: string, name: string, waitMs?: number): Promise<string>
  reply(id: string): Promise<QueryReply>
  /** Asks and waits for the reply. */
  answer(runId: string, name: string): Promise<QueryReply>
}

export function openQueryStage(t: TestContext, options: StageOptions): QueryStage {
  let isOver = false
  t.after(() => { isOver = true })
  const until = async (holds: () => Promise<boolean> | boolean): Promise<void> => {
    while (!(await holds())) {
      assert.ok(!isOver, 'the test is over')
      await new Promise<void>((resolve) => void setImmediate(resolve))
    }
  }
  const stage: QueryStage = Object.assign(openStage(t, options), {
    until,
    ask: async (runId: string, name: string, waitMs = 60_000) => {
      const id = randomUUID()
      const expiresAt = Date.now() + stage.aheadMs + waitMs
      await stage.store.askQuery({ id, namespace, runId: asRunId(runId), taskQueue, name, args: noArguments, expiresAt })
      return id
    },
    reply: async (id: string) => {
      let reply: QueryReply | undefined
      await until(async () => (reply = await stage.store.takeReply(id)) !== undefined)
      assert.ok(reply !== undefined)
      return reply
    },
    answer: async (runId: string, name: string) => stage.reply(await stage.ask(runId, name)),
  })
  return stage
}

/** The value that was answered, or what the refusal says. */
export function told(reply: QueryReply): unknown {
  return reply.type === 'answered' ? decodePayload(reply.result) : `${reply.code}: ${reply.message}`
}

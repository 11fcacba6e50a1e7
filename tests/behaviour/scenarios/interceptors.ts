import assert from 'node:assert/strict'
import type { Interceptors } from 'perdure'
import { defaultPayloadConverter, type Headers, type WorkflowInterceptors } from 'perdure/workflow'
import type { Scenario } from '../stage.ts'
import * as messages from '../workflows/messages.ts'
import * as steps from '../workflows/steps.ts'
import * as updates from '../workflows/updates.ts'

const headers: Headers = { tenant: defaultPayloadConverter.toPayload('blue') }
const tenantOf = ({ tenant }: Headers): unknown => tenant === undefined ? undefined : defaultPayloadConverter.fromPayload(tenant)

/** Every call carries the tenant; whoever is called notes it. */
function tenants(notes: string[]): Interceptors {
  let tenant: Headers = {}
  const workflow = (): WorkflowInterceptors => ({
    inbound: [{
      execute: (input, next) => {
        tenant = input.headers
        notes.push(`execute ${String(tenantOf(input.headers))}`)
        return next(input)
      },
      handleSignal: (input, next) => {
        notes.push(`signal ${String(tenantOf(input.headers))}`)
        return next(input)
      },
      handleUpdate: (input, next) => {
        notes.push(`update ${String(tenantOf(input.headers))}`)
        return next(input)
      },
      handleQuery: (input, next) => {
        notes.push(`query ${String(tenantOf(input.headers))}`)
        return next(input)
      },
    }],
    outbound: [{ scheduleActivity: (input, next) => next({ ...input, headers: { ...input.headers, ...tenant } }) }],
  })
  return {
    client: {
      workflow: [{
        startWithDetails: (input, next) => next({ ...input, headers }),
        signal: (input, next) => next({ ...input, headers }),
        query: (input, next) => next({ ...input, headers }),
        startUpdate: (input, next) => next({ ...input, headers }),
      }],
    },
    workflow: [workflow],
    activity: [() => ({
      inbound: {
        execute: (input, next) => {
          notes.push(`activity ${String(tenantOf(input.headers))}`)
          return next(input)
        },
      },
    })],
  }
}

const seen = (notes: readonly string[]): readonly string[] => [...new Set(notes)].toSorted()

export const interceptorScenarios: readonly Scenario[] = [
  {
    name: 'a validator knows its update, and interceptors of validations are asked only where there is a validator',
    async run(_t, { id, openAnother }) {
      const notes: string[] = []
      const validations = (): WorkflowInterceptors => ({
        inbound: [{
          validateUpdate: (input, next) => {
            notes.push(`${input.name} ${input.updateId}`)
            next(input)
          },
        }],
      })
      const engine = await openAnother({ interceptors: { workflow: [validations] } })
      const handle = await engine.workflows.start(updates.validated, { workflowId: id })
      assert.equal(await handle.executeUpdate(updates.payOut), 7)
      await handle.executeUpdate(updates.nameOfUpdate, { updateId: 'mine' })
      await handle.signal(updates.closeAccount)
      await handle.result()
      assert.deepEqual(seen(notes), ['nameOfUpdate mine'])
    },
  },
  {
    name: 'headers travel from the client to workflows, their handlers and their activities',
    async run(_t, { id, openAnother }) {
      const notes: string[] = []
      const engine = await openAnother({ interceptors: tenants(notes) })
      assert.equal(await engine.workflows.execute(steps.greeting, { workflowId: id, args: ['Ada'] }), 'Hello, Ada!')
      assert.deepEqual(seen(notes), ['activity blue', 'execute blue'])
      notes.length = 0
      const handle = await engine.workflows.start(updates.account, { workflowId: `${id}-account`, args: [] })
      assert.equal(await handle.executeUpdate(updates.addUp, { args: [2] }), 2)
      await handle.signal(updates.closeAccount)
      assert.equal(await handle.result(), 2)
      assert.deepEqual(seen(notes), ['execute blue', 'signal blue', 'update blue'])
      notes.length = 0
      const gathering = await engine.workflows.start(messages.gather, { workflowId: `${id}-gather` })
      assert.deepEqual(await gathering.query(messages.given), [])
      await gathering.signal(messages.finish)
      await gathering.result()
      assert.ok(notes.includes('query blue'))
    },
  },
]

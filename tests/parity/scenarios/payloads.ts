import { outcomeOf } from '../described-error.ts'
import { kindOf } from '../kind.ts'
import type { Handle, Scenario } from '../stage.ts'

const code = 'payloads'

const lists = {
  'in front of others': [undefined, null, 'given'], 'twice in front': [undefined, undefined, 'given'], 'at the end': ['given', undefined],
}

function given(type: string, what: string, args: readonly unknown[], act?: (handle: Handle) => Promise<unknown>): Scenario {
  return {
    name: `undefined arguments ${what} (${type})`, code,
    run: async (stage) => {
      await stage.worker()
      const handle = await stage.start(type, act === undefined ? { args } : {})
      const acted = await act?.(handle)
      return { acted, result: await outcomeOf(handle.result()) }
    },
  }
}

function messages(args: readonly unknown[]): (handle: Handle) => Promise<unknown> {
  return async (handle) => {
    const update = await outcomeOf(handle.executeUpdate('change', { args }))
    const query = await outcomeOf(handle.query('ask', ...args))
    await handle.signal('hear', ...args)
    return { update, query }
  }
}

function inside(where: string, type: string): Scenario {
  return {
    name: `bytes in ${where}`, code,
    run: async (stage) => {
      await stage.worker()
      return outcomeOf((await stage.start(type)).result())
    },
  }
}

export const payloadScenarios: readonly Scenario[] = [
  ...Object.entries(lists).flatMap(([what, args]) => [
    ...['defaulted', 'calls', 'continues'].map((type) => given(type, what, args)), given('hears', what, args, messages(args)),
  ]),
  ...[Buffer.from([0, 255]), new Uint8Array([0, 255])].map((bytes): Scenario => ({
    name: `bytes as argument and result (${bytes.constructor.name})`, code,
    run: async (stage) => {
      await stage.worker()
      const handle = await stage.start('bytes', { args: [bytes] })
      return outcomeOf(handle.result().then(kindOf))
    },
  })),
  inside('details of a failure', 'bytesInDetails'),
  inside('the progress of an activity', 'bytesInProgress'),
  {
    name: 'bytes in a memo', code,
    run: async (stage) => {
      await stage.worker()
      const handle = await stage.start('bytesInMemo', { memo: { given: Buffer.from([0, 255]) } })
      const result = await outcomeOf(handle.result())
      const { memo } = await handle.describe()
      return { result, memo: Object.entries(memo as object).map(([name, value]) => `${name}: ${kindOf(value)}`).sort() }
    },
  },
  {
    name: 'bytes within an object', code,
    run: async (stage) => {
      await stage.worker()
      const handle = await stage.start('bytesWithin')
      const end = await Promise.race([outcomeOf(handle.result()), handle.stuck().then((stuck) => ({ stuck }))])
      await handle.terminate().catch(() => {})
      return end
    },
  },
  {
    name: 'what bytes are where they are read', code,
    run: async (stage) => {
      await stage.worker()
      const handle = await stage.start('kindsOfBytes', { args: [Buffer.from([0, 255])] })
      return outcomeOf(handle.result())
    },
  },
]

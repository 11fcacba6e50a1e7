import { ApplicationFailure, condition, defineQuery, defineSignal, setDefaultQueryHandler, setHandler, sleep } from '@temporalio/workflow'

export const go = defineSignal('go')
export const state = defineQuery<unknown, [string?]>('state')

/** Answers queries, in all ways. */
export async function answers(): Promise<string> {
  let going = false
  let count = 0
  setHandler(go, () => { going = true })
  setHandler(state, (what) => {
    if (what === 'failure') throw ApplicationFailure.create({ message: 'a failure', type: 'OfQuery' })
    if (what === 'error') throw new TypeError('an error')
    if (what === 'promise') return Promise.resolve('later')
    if (what === 'command') return sleep(1)
    if (what === 'nothing') return undefined
    return `count ${++count}`
  })
  await condition(() => going)
  return `asked ${count}`
}

/** Answers whatever it is asked. */
export async function answersAll(): Promise<void> {
  setDefaultQueryHandler((name, ...args) => ({ name, args }))
  setHandler(state, () => 'its own')
  let going = false
  setHandler(go, () => { going = true })
  await condition(() => going)
}

export async function fails(): Promise<void> {
  setHandler(state, () => 'before it failed')
  throw ApplicationFailure.create({ message: 'failed' })
}

import { condition, defineSignal, proxyActivities, setHandler, sleep } from 'perdure/workflow'
import type * as failing from '../activities/failing.ts'
import type * as steps from '../activities/steps.ts'

const { greet, gated, add, failFinally } = proxyActivities<typeof steps & typeof failing>({ startToCloseTimeout: '1 minute' })

export const hurry = defineSignal('hurry')

export async function timerWins(key: string): Promise<unknown> {
  return Promise.race([gated(key, 'slow'), sleep(20).then(() => 'timer')])
}

export async function activityWins(): Promise<unknown> {
  return Promise.race([greet('you'), sleep('1 hour').then(() => 'timer')])
}

export async function signalOrTimer(ms: number): Promise<string> {
  let hurried = false
  setHandler(hurry, () => {
    hurried = true
  })
  return Promise.race([condition(() => hurried).then(() => 'signal'), sleep(ms).then(() => 'timer')])
}

/** What a race leaves undecided must not be decided otherwise by a later step. */
export async function racesInTurn(rounds: number): Promise<readonly string[]> {
  const winners: string[] = []
  for (let round = 0; round < rounds; round++) {
    winners.push(await Promise.race([add(round, 0).then(() => 'activity'), sleep(1).then(() => 'timer')]))
    await add(round, 1)
  }
  return winners
}

export async function firstSuccess(key: string): Promise<unknown> {
  return Promise.any([failFinally(key), greet('you')])
}

export async function allMustSucceed(key: string): Promise<unknown> {
  return Promise.all([greet('you'), failFinally(key), gated(key, 'slow')])
}

export async function allSettled(key: string): Promise<readonly string[]> {
  const settled = await Promise.allSettled([greet('you'), failFinally(key), sleep(1)])
  return settled.map((each) => each.status)
}

/** The loser's outcome comes later and must fit the replay. */
export async function afterRace(key: string): Promise<unknown> {
  const slow = gated(key, 'slow')
  const winner = await Promise.race([slow, sleep(5).then(() => 'timer')])
  const greeting = await greet('you')
  return [winner, greeting, await slow]
}

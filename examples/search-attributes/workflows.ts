import {
  condition, defineSearchAttributeKey, defineSignal, SearchAttributeType, setCurrentDetails, setHandler, upsertMemo, upsertSearchAttributes,
} from 'perdure/workflow'

export const region = defineSearchAttributeKey('Region', SearchAttributeType.KEYWORD)
export const stage = defineSearchAttributeKey('Stage', SearchAttributeType.KEYWORD)
export const weight = defineSearchAttributeKey('WeightKg', SearchAttributeType.DOUBLE)

export const weighed = defineSignal<[kg: number]>('weighed')
export const delivered = defineSignal('delivered')

/** Says of itself where it stands: for people (memo, details), and for programs (search attributes). */
export async function delivery(): Promise<void> {
  let isDelivered = false
  let kg: number | undefined
  setHandler(weighed, (given) => {
    kg = given
  })
  setHandler(delivered, () => {
    isDelivered = true
  })
  upsertSearchAttributes([{ key: stage, value: 'packed' }])
  await condition(() => kg !== undefined)
  upsertSearchAttributes([{ key: stage, value: 'weighed' }, { key: weight, value: kg ?? 0 }])
  setCurrentDetails('Waits for the courier')
  await condition(() => isDelivered)
  upsertSearchAttributes([{ key: stage, value: null }])
  upsertMemo({ note: 'left with a neighbour' })
}

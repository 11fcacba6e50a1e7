import {
  ApplicationFailure, ChildWorkflowFailure, condition, defineSignal, executeChild, ParentClosePolicy, setHandler, startChild, workflowInfo,
} from 'perdure/workflow'

export const received = defineSignal('received')

/** A customer's order: a parcel for each item, and a review that outlives the order. */
export async function order(items: readonly string[]): Promise<readonly string[]> {
  const { workflowId } = workflowInfo()
  await startChild(review, { workflowId: `${workflowId}/review`, parentClosePolicy: ParentClosePolicy.ABANDON })
  return Promise.all(items.map(async (item) => {
    try {
      return await executeChild(parcel, { workflowId: `${workflowId}/${item}`, args: [item] })
    } catch (error) {
      // The cause is what the child failed with.
      if (error instanceof ChildWorkflowFailure) return `${item}: ${error.cause?.message}`
      throw error
    }
  }))
}

export async function parcel(item: string): Promise<string> {
  if (item === 'piano') throw ApplicationFailure.create({ message: 'too heavy' })
  return `${item}: sent from ${workflowInfo().parent?.workflowId}`
}

export async function review(): Promise<string> {
  let isReceived = false
  setHandler(received, () => {
    isReceived = true
  })
  await condition(() => isReceived)
  return 'reviewed'
}

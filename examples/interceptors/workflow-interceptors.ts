/** Hands the customer's header from the start of a workflow on to its activities. Deterministic, as all code of workflows. */
import { type Headers, log, type WorkflowInterceptors } from 'perdure/workflow'

export function workflowInterceptors(): WorkflowInterceptors {
  let passedOn: Headers = {}
  return {
    inbound: [{
      execute: async (input, next) => {
        const { customer } = input.headers
        if (customer !== undefined) passedOn = { customer }
        const result = await next(input)
        log.info('The workflow is done')
        return result
      },
    }],
    outbound: [{
      scheduleActivity: async (input, next) => next({ ...input, headers: { ...input.headers, ...passedOn } }),
      // On every line that the workflow logs.
      getLogAttributes: (input, next) => next({ ...input, version: '1.4.0' }),
    }],
  }
}

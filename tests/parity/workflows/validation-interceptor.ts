import { ApplicationFailure, type WorkflowInterceptorsFactory } from '@temporalio/workflow'

/** Refuses every update that it is asked to validate. */
export const interceptors: WorkflowInterceptorsFactory = () => ({
  inbound: [{
    validateUpdate: ({ name, updateId }) => {
      throw ApplicationFailure.create({ message: `intercepted ${name} ${updateId}`, type: 'Intercepted' })
    },
  }],
})

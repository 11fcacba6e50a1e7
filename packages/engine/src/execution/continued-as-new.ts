import type { ContinueAsNewRequest } from '@perdure/workflow/host'
import type { ValueConverter } from '../conversion/value-converter.ts'
import { encodePayload } from '../protocol/payload-codec.ts'
import type { Outcome } from './command.ts'

/**
 * What the close needs of the run that follows is looked at here, where it is still the code that cannot go on, and not the worker.
 * @throws PayloadError
 */
export function continuedAsNew(values: ValueConverter, request: ContinueAsNewRequest): Outcome {
  const { args, workflowType, options: { memo, searchAttributes } } = request
  const input = values.encodeArguments(args, `workflow '${workflowType}'`)
  if (searchAttributes !== undefined) encodePayload(searchAttributes, 'search attributes of continueAsNew()')
  const given = memo === undefined ? { input } : { input, memo: values.encodeFields(memo, 'memo of continueAsNew()') }
  return { type: 'continuedAsNew', request, given }
}

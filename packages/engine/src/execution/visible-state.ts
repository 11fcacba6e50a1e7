/** What an execution shows of itself besides its history: memo, search attributes, details. */
import type { ValueConverter } from '../conversion/value-converter.ts'
import { encodePayload } from '../protocol/payload-codec.ts'
import type { Payload } from '../protocol/payload.ts'

export type Memo = Readonly<Record<string, unknown>>

export class VisibleState {
  memo: Memo | undefined
  searchAttributes: Memo
  details = ''
  readonly #values: ValueConverter

  /** @param values of the memo: search attributes are JSON, for lists are to find executions by them */
  constructor(memo: Memo | undefined, searchAttributes: Memo, values: ValueConverter) {
    this.#values = values
    this.memo = memo
    this.searchAttributes = searchAttributes
  }

  /** @throws PayloadError; nothing is changed then */
  upsertMemo(changes: Memo): Payload {
    const memo = without(null, { ...this.memo, ...changes })
    const payload = this.#values.encodeFields(memo, 'memo')
    this.memo = memo
    return payload
  }

  /** @throws PayloadError; nothing is changed then */
  upsertSearchAttributes(changes: Readonly<Record<string, readonly unknown[]>>): Payload {
    const attributes = Object.fromEntries(
      Object.entries({ ...this.searchAttributes, ...changes }).filter(([, values]) => !Array.isArray(values) || values.length > 0),
    )
    const payload = encodePayload(attributes, 'search attributes')
    this.searchAttributes = attributes
    return payload
  }
}

function without(value: unknown, given: Memo): Memo {
  return Object.fromEntries(Object.entries(given).filter(([, each]) => each !== value && each !== undefined))
}

/** An error of a class of its own with its converter, and converters that are broken. */
import { DefaultFailureConverter, defaultFailureConverter, type FailureConverter, type ProtoFailure } from 'perdure'
import type { PayloadConverter } from 'perdure/workflow'

export class CardDeclined extends Error {
  readonly card: string

  constructor(card: string) {
    super(`card ${card} was declined`)
    this.card = card
  }
}

/** A card whose number begins with 0 may be tried again. */
export class CardFailures extends DefaultFailureConverter {
  override errorToFailure(error: unknown, payloads: PayloadConverter): ProtoFailure {
    const failure = super.errorToFailure(error, payloads)
    if (!(error instanceof CardDeclined)) return failure
    const details = { payloads: [payloads.toPayload(error.card)] }
    return { ...failure, applicationFailureInfo: { type: 'CardDeclined', nonRetryable: !error.card.startsWith('0'), details } }
  }

  override failureToError(failure: ProtoFailure, payloads: PayloadConverter): Error {
    const { type, details } = failure.applicationFailureInfo ?? {}
    const [card] = details?.payloads ?? []
    if (type !== 'CardDeclined' || card === undefined) return super.failureToError(failure, payloads)
    return new CardDeclined(payloads.fromPayload(card))
  }
}

/** Errors that have gone through it say so. */
export const marking: FailureConverter = {
  errorToFailure: (error, payloads) => defaultFailureConverter.errorToFailure(error, payloads),
  failureToError: (failure, payloads) => Object.assign(defaultFailureConverter.failureToError(failure, payloads), { isMarked: true }),
}

/** It cannot write a CardDeclined. */
export const notWriting: FailureConverter = {
  errorToFailure: (error, payloads) => {
    if (error instanceof CardDeclined) throw new TypeError('no form for it')
    return defaultFailureConverter.errorToFailure(error, payloads)
  },
  failureToError: (failure, payloads) => defaultFailureConverter.failureToError(failure, payloads),
}

/** It cannot read the failure of one, wherever in the chain it stands. */
export const notReading: FailureConverter = {
  errorToFailure: (error, payloads) => new CardFailures().errorToFailure(error, payloads),
  failureToError: (failure, payloads) => {
    for (let each: ProtoFailure | null | undefined = failure; each !== null && each !== undefined; each = each.cause) {
      if (each.applicationFailureInfo?.type === 'CardDeclined') throw new TypeError('no class for it')
    }
    return defaultFailureConverter.failureToError(failure, payloads)
  },
}

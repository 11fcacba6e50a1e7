/**
 * A store whose payloads go through codecs: encoded on their way in, decoded on their way out. Whoever uses it sees what was
 * passed; the database sees what the codecs made of it. Without codecs nobody makes one, so nothing is slower.
 *
 * - What cannot be encoded is not stored. Where the codecs encode nothing at all, the call fails as if the database were away, so that
 *   it is tried again where that makes sense (a key service that does not answer). Where they encode other payloads, it is refused: one
 *   execution with a payload that no codec takes must not keep the commits of all others from the store.
 * - What cannot be decoded stays as it is stored: whoever wants the value gets PAYLOAD_UNREADABLE for it, and it alone. An
 *   execution that needs it is held and tried again, so a key that comes back is found.
 */
import type { Logger } from '../ports/logger.ts'
import { StoreRejectedError, StoreUnavailableError } from '../ports/store-error.ts'
import type { ClaimedExecution, QueryAsked, QueryReply, Store, UpdateRequestOutcome } from '../ports/store.ts'
import { errorMessage } from '../protocol/error-message.ts'
import type { Payload } from '../protocol/payload.ts'
import { decodeAll, encodeAll, isEncoded, type PayloadCodec } from './payload-codec.ts'
import {
  inExecution, inOutcome, inQuery, inSentence, inStart, inTask, inTaskEnd, inText, inTransition, orNull, type MapPayload,
} from './payload-places.ts'

type Mapped<T> = (map: MapPayload) => T

export function codedStore(store: Store, codecs: readonly PayloadCodec[], logger: Logger): Store {
  const codes = codesOf(codecs, logger)
  const coded: Partial<Store> = { ...writing(store, codes), ...executions(store, codes), ...messages(store, codes), ...tasks(store, codes) }
  return new Proxy(store, {
    get: (target, name) => {
      const own = coded[name as keyof Store]
      if (own !== undefined) return own
      const member: unknown = Reflect.get(target, name, target)
      return typeof member === 'function' ? (member as () => unknown).bind(target) : member
    },
  })
}

/** Encodes and decodes; see the rules above. */
interface Codes {
  encoded<T>(mapped: Mapped<T>): Promise<T>
  decoded<T>(mapped: Mapped<T>): Promise<T>
}

function codesOf(codecs: readonly PayloadCodec[], logger: Logger): Codes {
  return {
    encoded: async <T>(mapped: Mapped<T>) => {
      const encode = (): Promise<T> => replaced(mapped, (texts) => encodeAll(codecs, texts))
      return encode().catch(async (error: unknown) => {
        await encodeAll(codecs, [smallest]).catch((cause: unknown) => {
          throw new StoreUnavailableError(`A payload codec failed, so nothing was stored: ${errorMessage(cause)}`, { cause })
        })
        // Once more: it may have been away for a moment, and what is refused is not tried again.
        return encode().catch((cause: unknown) => {
          const why = `${errorMessage(error)}; look at the codecs of the dataConverter of the engine`
          throw new StoreRejectedError(`A payload codec refuses a payload, so nothing was stored: ${why}`, { cause })
        })
      })
    },
    decoded: (mapped) => replaced(mapped, (texts) => readableOf(codecs, texts, logger)),
  }
}

/** What every codec can encode. */
const smallest = 'null' as Payload

function writing(store: Store, { encoded }: Codes): Partial<Store> {
  return {
    commit: async (batch) => {
      const { starts, transitions } = batch
      return store.commit(await encoded((map) => ({
        ...batch, starts: starts.map((each) => inStart(each, map)), transitions: transitions.map((each) => inTransition(each, map)),
      })))
    },
    post: async (posts) => store.post(await encoded((map) => posts.map((each) => inText(each, map)))),
    terminate: async (request) => store.terminate(await encoded((map) => ({
      ...request, failure: map(request.failure), ...(request.result === undefined ? {} : { result: map(request.result) }),
      ...(request.next === undefined ? {} : { next: inStart(request.next, map) }),
    }))),
    endTasks: async (ends) => store.endTasks(await encoded((map) => ends.map((each) => inTaskEnd(each, map)))),
    heartbeatTasks: async (beats) => store.heartbeatTasks(await encoded((map) => {
      return beats.map((each) => ({ ...each, details: orNull(each.details, map) }))
    })),
  }
}

function executions(store: Store, { decoded }: Codes): Partial<Store> {
  return {
    claim: async (request) => {
      const claimed = await store.claim(request)
      return decoded((map) => claimed.map((each) => inClaimed(each, map)))
    },
    overdueExecutions: async (...given) => {
      const found = await store.overdueExecutions(...given)
      return decoded((map) => found.map((each) => inExecution(each, map)))
    },
    readHistory: async (...given) => {
      const events = await store.readHistory(...given)
      return decoded((map) => events.map((each) => inText(each, map)))
    },
    getExecution: async (...given) => {
      const execution = await store.getExecution(...given)
      return execution === undefined ? undefined : decoded((map) => inExecution(execution, map))
    },
    readClosed: async (runIds) => {
      const closed = await store.readClosed(runIds)
      return decoded((map) => closed.map((each) => inOutcome(each, map)))
    },
    listExecutions: async (request) => {
      const found = await store.listExecutions(request)
      return decoded((map) => found.map((each) => inExecution(each, map)))
    },
  }
}

function messages(store: Store, { encoded, decoded }: Codes): Partial<Store> {
  return {
    readInbox: async (...given) => {
      const unread = await store.readInbox(...given)
      return decoded((map) => unread.map((each) => inText(each, map)))
    },
    readMessages: async (...given) => {
      const unread = await store.readMessages(...given)
      return decoded((map) => unread.map((each) => inText(each, map)))
    },
    requestUpdates: async (requests) => {
      const outcomes = await store.requestUpdates(await encoded((map) => {
        return requests.map((each) => ({ ...each, message: inText(each.message, map) }))
      }))
      return decoded((map) => outcomes.map((each): UpdateRequestOutcome => {
        return each.type === 'known' ? { ...each, state: inOutcome(each.state, map) } : each
      }))
    },
    readUpdates: async (keys) => {
      const states = await store.readUpdates(keys)
      return decoded((map) => states.map((each) => inOutcome(each, map)))
    },
    askQuery: async (query) => store.askQuery(await encoded((map) => ({ ...query, args: inQuery(query.args, map) }))),
    claimQueries: async (...given) => {
      const queries = await store.claimQueries(...given)
      return decoded((map) => queries.map((each): QueryAsked => ({ ...each, args: inQuery(each.args, map) })))
    },
    answerQuery: async (id, reply) => store.answerQuery(id, await encoded((map) => inReply(reply, map))),
    takeReply: async (id) => {
      const reply = await store.takeReply(id)
      return reply === undefined ? undefined : decoded((map) => inReply(reply, map))
    },
  }
}

function tasks(store: Store, { decoded }: Codes): Partial<Store> {
  return {
    claimTasks: async (...given) => {
      const claimed = await store.claimTasks(...given)
      return decoded((map) => ({ ...claimed, tasks: claimed.tasks.map((each) => inTask(each, map)) }))
    },
    expiredTasks: async (...given) => {
      const expired = await store.expiredTasks(...given)
      return decoded((map) => expired.map((each) => inTask(each, map)))
    },
    readTasks: async (runId) => {
      const found = await store.readTasks(runId)
      return decoded((map) => found.map((each) => inTask(each, map)))
    },
  }
}

function inClaimed(claimed: ClaimedExecution, map: MapPayload): ClaimedExecution {
  const { execution, history, inbox } = claimed
  return {
    ...claimed, execution: inExecution(execution, map), history: history.map((each) => inText(each, map)),
    tasks: claimed.tasks.map((each) => inTask(each, map)), inbox: inbox.map((each) => inText(each, map)),
  }
}

function inReply(reply: QueryReply, map: MapPayload): QueryReply {
  if (reply.type === 'answered') return { ...reply, result: map(reply.result) }
  // What the engine says itself, under other codes, has names in it and nothing that was passed.
  return reply.code === 'QUERY_FAILED' ? { ...reply, message: inSentence(reply.message, map) } : reply
}

/** All payloads at once: a codec may ask a key service once for them. */
async function replaced<T>(mapped: Mapped<T>, made: (texts: readonly Payload[]) => Promise<readonly Payload[]>): Promise<T> {
  const texts: Payload[] = []
  const same = mapped((payload) => {
    if (payload !== '') texts.push(payload)
    return payload
  })
  if (texts.length === 0) return same
  const values = await made(texts)
  let at = 0
  return mapped((payload) => payload === '' ? payload : values[at++] as Payload)
}

/** One that cannot be decoded must not hide the others. */
async function readableOf(codecs: readonly PayloadCodec[], texts: readonly Payload[], logger: Logger): Promise<readonly Payload[]> {
  const encoded = texts.filter(isEncoded)
  if (encoded.length === 0) return texts
  let values: readonly Payload[]
  try {
    values = await decodeAll(codecs, encoded)
  } catch {
    values = await Promise.all(encoded.map((each) => decodeAll(codecs, [each]).then(([only]) => only ?? each, (error: unknown) => {
      logger.warn(`A stored payload cannot be decoded: ${errorMessage(error)}; look at the dataConverter of the engine, and at its keys`)
      return each
    })))
  }
  let at = 0
  return texts.map((each) => isEncoded(each) ? values[at++] as Payload : each)
}

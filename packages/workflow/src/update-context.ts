import { AsyncLocalStorage } from './async-local-storage.ts'

/** Which update a handler runs for. */
export interface UpdateInfo {
  /** Unique within the execution. */
  readonly id: string
  readonly name: string
}

export const updateInfoStorage = new AsyncLocalStorage<UpdateInfo>()

/** For the engine: runs the handler of an update, so that `currentUpdateInfo()` finds it. */
export function runUpdate<R>(info: UpdateInfo, fn: () => R): R {
  return updateInfoStorage.run(info, fn)
}

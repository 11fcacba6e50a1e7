import { readMax } from '../../limits.ts'
import type { Store } from '../../ports/store.ts'
import type { RunId } from '../../protocol/ids.ts'
import type { EventRecord } from '../../protocol/transition.ts'

/** A whole history, page by page, from what is known of it already. */
export async function readHistory(store: Store, runId: RunId, known: readonly EventRecord[] = []): Promise<readonly EventRecord[]> {
  const events = [...known]
  for (;;) {
    const page = await store.readHistory(runId, events.at(-1)?.seq ?? 0, readMax)
    events.push(...page)
    if (page.length < readMax) return events
  }
}

/** Answers of two runs are compared: ids that are new in each run become the same. */

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g

/** As JSON, with the run's own ids replaced. */
export function normalized(answer: unknown, { id, queue }: { readonly id: string; readonly queue: string }): unknown {
  const text = JSON.stringify(answer ?? null).replaceAll(queue, '<queue>').replaceAll(id, '<id>').replaceAll(uuid, '<uuid>')
  return JSON.parse(text) as unknown
}

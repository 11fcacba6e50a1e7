import type { StartRecord } from './transition.ts'

/** Bytes of the texts that a start is sent with, and something for the rest. */
export function startBytes({ input, memo, searchAttributes, workflowId, link }: StartRecord): number {
  const own = 200 + textBytes(workflowId) + textBytes(input) + textBytes(memo) + textBytes(searchAttributes)
  if (link === undefined) return own
  return link.messages.reduce((bytes, { data }) => bytes + 100 + textBytes(data), own + textBytes(link.details))
}

/** In UTF-8. */
export function textBytes(text: string | null | undefined): number {
  return text === null || text === undefined ? 0 : Buffer.byteLength(text)
}

/** A page of ten entries, up to 35. */
export async function readPage(from: number): Promise<readonly number[]> {
  return Array.from({ length: Math.max(0, Math.min(10, 35 - from)) }, (_, index) => from + index)
}

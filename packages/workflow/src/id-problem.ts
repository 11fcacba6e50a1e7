/** Ids and names that a database compares and indexes: what it cannot store is told where it is given. Pure. */

/** Temporal's limit is as much, in bytes. */
export const idCharactersMax = 1_000
/** In UTF-8: an index entry of PostgreSQL has at most 2,704 bytes, the name of the namespace and a run id included. */
export const idBytesMax = 2_000

/** As in "has 1200 characters"; undefined: there is none. */
export function idProblem(id: string): string | undefined {
  if (id === '') return 'is empty'
  if (id.length > idCharactersMax) return `has ${id.length} characters`
  // PostgreSQL stores neither.
  if (id.includes('\0')) return 'has a NUL character in it'
  if (!id.isWellFormed()) return 'is not well-formed Unicode'
  const bytes = 3 * id.length > idBytesMax ? utf8Bytes(id) : 0
  return bytes > idBytesMax ? `has ${bytes} bytes as UTF-8` : undefined
}

export const idRemedy = `give a text of 1 to ${idCharactersMax} characters, at most ${idBytesMax} bytes as UTF-8`

/** A surrogate is half of a character of four bytes. */
function utf8Bytes(text: string): number {
  let bytes = 0
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    bytes += unit < 0x80 ? 1 : unit < 0x8_00 || (unit >= 0xd8_00 && unit <= 0xdf_ff) ? 2 : 3
  }
  return bytes
}

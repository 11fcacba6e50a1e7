/** Places in a generated page where people write, and what they have written there. */
const begin = (name: string) => `<!-- notes: ${name}. What stands between these two lines is kept when the page is made anew. -->`
const end = '<!-- end of notes -->'

export type Notes = ReadonlyMap<string, string>

export function notesOf(page: string): Notes {
  const found = page.matchAll(/<!-- notes: (\w+)\.[^\n]*-->\n([\s\S]*?)<!-- end of notes -->/g)
  return new Map([...found].map(([, name = '', text = '']) => [name, text]))
}

/** The place of that name with what was written there. */
export function notesPlace(notes: Notes, name: string): string {
  return `${begin(name)}\n${notes.get(name) ?? '\n'}${end}`
}

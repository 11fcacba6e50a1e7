/** Prints a ticket for each seat; the same number again is the same ticket. */
export async function printTickets(number: string, seats: number): Promise<readonly string[]> {
  return Array.from({ length: seats }, (_, index) => `${number}-${index + 1}`)
}

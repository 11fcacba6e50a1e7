export async function remind(customer: string, day: string): Promise<void> {
  console.log(`${day}: ${customer} is reminded`)
}

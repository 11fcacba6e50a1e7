export async function charge(customer: string): Promise<string> {
  return `${customer} is charged`
}

export async function checkFraud(customer: string): Promise<string> {
  return `${customer} is checked`
}

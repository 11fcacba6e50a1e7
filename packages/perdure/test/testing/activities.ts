/** Activities of the tests of the testing kit. */
export async function charge(amount: number): Promise<string> {
  return `charged ${amount}`
}

export async function sendMail(to: string): Promise<void> {
  void to
}

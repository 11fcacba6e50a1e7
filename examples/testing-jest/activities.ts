/** Charges once for each key, however often it is called with it. */
export async function charge(key: string, amount: number): Promise<string> {
  return post('https://payments.example.com/charges', { key, amount })
}

export async function sendMail(to: string, subject: string): Promise<void> {
  await post('https://mail.example.com/messages', { to, subject })
}

async function post(url: string, body: object): Promise<string> {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) })
  if (!response.ok) throw new Error(`${url} answered ${response.status}`)
  return response.text()
}

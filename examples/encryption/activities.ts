export async function diagnose(complaint: string): Promise<string> {
  return `${complaint}: rest for a week`
}

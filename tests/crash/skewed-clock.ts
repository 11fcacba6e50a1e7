/** The clock of this process is off, by PERDURE_TEST_CLOCK_MS. Loaded before anything that looks at it. */
const offMs = Number(process.env['PERDURE_TEST_CLOCK_MS'] ?? 0)

if (offMs !== 0) {
  const now = Date.now.bind(Date)
  Date.now = () => now() + offMs
}

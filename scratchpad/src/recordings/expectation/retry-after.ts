/**
 * The wait an answer asks for, in milliseconds: `retry-after-ms`, or `retry-after` in seconds. A date in a recording has
 * long passed and asks for nothing.
 */
export const readRetryAfter = (headers: Readonly<Record<string, string>>): number | undefined => {
  const millis = Number(headers["retry-after-ms"] ?? "")
  if (headers["retry-after-ms"] !== undefined && Number.isFinite(millis)) return millis
  const seconds = Number(headers["retry-after"] ?? "")
  return headers["retry-after"] !== undefined && Number.isFinite(seconds) ? seconds * 1000 : undefined
}

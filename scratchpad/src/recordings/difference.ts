const shorten = (text: string, length = 160): string =>
  text.length <= length ? text : `${text.slice(0, length)}… (${text.length} characters)`

/** A value on one line. */
export const show = (value: unknown): string => value === undefined ? "nothing" : shorten(JSON.stringify(value))

/** Two texts that differ, shown from just before the place where they part. */
export const textDifference = (what: string, expected: string, observed: string): ReadonlyArray<string> => {
  if (expected === observed) return []
  let at = 0
  while (at < expected.length && expected[at] === observed[at]) at++
  const from = Math.max(0, at - 20)
  return [
    `${what} differs at character ${at} (${expected.length} expected, ${observed.length} came): `
    + `expected ${show(expected.slice(from, at + 60))}, got ${show(observed.slice(from, at + 60))}`
  ]
}

export const valueDifference = (what: string, expected: unknown, observed: unknown): ReadonlyArray<string> =>
  Object.is(expected, observed) ? [] : [`${what}: expected ${show(expected)}, got ${show(observed)}`]

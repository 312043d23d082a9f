/** The repetitions of one measurement, in the unit of the measurement. */
export interface Sample {
  readonly median: number
  readonly min: number
  readonly max: number
}

export const median = (values: ReadonlyArray<number>): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle]
  if (upper === undefined) throw new Error("the median of nothing")
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2
}

export const sampleOf = (values: ReadonlyArray<number>): Sample => ({
  median: median(values),
  min: Math.min(...values),
  max: Math.max(...values)
})

/** How far off estimates are from what was counted. */

/** One estimate beside the vendor's count. */
export interface Held {
  readonly counted: number
  readonly estimated: number
  /** What the estimate said it may be off by, in tokens. */
  readonly errorBound: number
}

export interface Distribution {
  readonly n: number
  /** Of the error relative to the count, whatever its sign. */
  readonly median: number
  readonly p90: number
  readonly p99: number
  readonly max: number
  /** The mean of the error relative to the count: above zero where estimates are too high. */
  readonly bias: number
  /** The largest error in tokens. */
  readonly most: number
  /** The share within the bound that was stated. */
  readonly within: number
}

/** The smallest value that so large a share is not above. Of a sorted list that is not empty. */
const quantile = (sorted: ReadonlyArray<number>, share: number): number =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0

export const distributionOf = (all: ReadonlyArray<Held>): Distribution => {
  const signed = all.map(({ counted, estimated }) => (estimated - counted) / counted)
  const sorted = signed.map(Math.abs).toSorted((one, other) => one - other)
  const off = ({ counted, estimated }: Held) => Math.abs(estimated - counted)
  return {
    n: all.length,
    median: quantile(sorted, 0.5),
    p90: quantile(sorted, 0.9),
    p99: quantile(sorted, 0.99),
    max: quantile(sorted, 1),
    bias: all.length === 0 ? 0 : signed.reduce((sum, error) => sum + error, 0) / all.length,
    most: all.reduce((most, one) => Math.max(most, off(one)), 0),
    within: all.length === 0 ? 0 : all.filter((one) => off(one) <= one.errorBound).length / all.length
  }
}

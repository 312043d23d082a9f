/** What of the call bears on the comparison. */
export interface Asked {
  /** The vendor's own tools the caller had declared, by the type names their calls have in an answer. */
  readonly declared: ReadonlySet<string>
  /** The caller's name for a tool the vendor knows by another. */
  readonly customName: (providerName: string) => string
}

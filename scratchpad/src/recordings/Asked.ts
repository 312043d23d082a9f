import type { Form } from "./lost.ts"

/** What of the call bears on the comparison. */
export interface Asked {
  /** The caller's names of the vendor's own tools it had declared, by the type names their calls have in an answer. */
  readonly declared: ReadonlyMap<string, ReadonlyArray<string>>
  /** The caller's name for a tool the vendor knows by another. */
  readonly customName: (providerName: string) => string
  /** What of the API's answers need not be found as it was. */
  readonly form: Form
}

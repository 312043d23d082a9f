/** The tables of errors.md, from the code that makes the errors. */
import { ErrorKind, ErrorTable } from "@llm-layers/core"
import { table } from "./markdown.ts"
import { inOrder } from "./providers.ts"

/** Kind → reasons → retryable → what to do. */
export const kinds = (): string =>
  table(
    ["kind", "`AiError` reason", "retryable", "meaning", "what to do"],
    Object.entries(ErrorKind.kinds).map(([name, kind]) => [
      `\`${name}\``,
      // `Object.entries` loses the names.
      ErrorKind.reasonsOf(name as ErrorKind.Name).map((reason) => `\`${reason}\``).join(", "),
      kind.retryable ? "yes" : "no",
      kind.meaning,
      kind.advice
    ])
  )

/** Condition → kind, in the order in which they are tried. */
export const conditions = (rows: ReadonlyArray<ErrorTable.Row> = ErrorTable.shared): string =>
  table(
    ["condition", "kind", "reason", "retryable"],
    rows.map(cells)
  )

/** What presets have besides the rows of the dialect. */
export const presetConditions = (): string =>
  table(
    ["preset", "condition", "kind", "reason", "retryable"],
    inOrder.flatMap(({ data }) => (data.errors ?? []).map((row) => [`\`Presets.${data.name}\``, ...cells(row)]))
  )

const cells = (row: ErrorTable.Row): ReadonlyArray<string> => {
  const kind = ErrorKind.kinds[row.kind]
  const authentication = row.authentication === undefined ? "" : ` (${row.authentication})`
  return [row.when, `\`${row.kind}\`${authentication}`, `\`${kind.reason}\``, kind.retryable ? "yes" : "no"]
}

/** How Acme says what went wrong: `{ "oops": { "name": "too_long", "text": "…" } }`. */
import * as ErrorTable from "@llm-layers/core/ErrorTable"
import * as Json from "@llm-layers/core/Json"
import type * as ProviderError from "@llm-layers/core/ProviderError"

export const errors: ProviderError.Vendor = {
  // What the status does not say already; the table that all providers share knows statuses.
  rows: [
    ErrorTable.code(["too_long"], "ContextOverflow"),
    ErrorTable.code(["tired"], "Overloaded"),
    ErrorTable.code(["broke"], "QuotaExhausted")
  ],
  decodeError: (body) => {
    const oops = Json.record(Json.record(body)["oops"])
    return { code: Json.string(oops["name"]), message: Json.string(oops["text"]) }
  }
}

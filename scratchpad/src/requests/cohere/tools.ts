/** The tool that is offered. */
import * as Tool from "effect/ai/Tool"
import * as Schema from "effect/Schema"

export const rate = Tool.make("exchange_rate", {
  description: "Gives a rate.",
  parameters: Schema.Struct({ from: Schema.String, to: Schema.optionalKey(Schema.String) }),
  success: Schema.Finite
})

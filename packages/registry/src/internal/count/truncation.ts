/** A request cut to a limit. */
import * as PromptTrim from "@llm-layers/core/PromptTrim"
import type * as Provider from "@llm-layers/core/Provider"
import type * as AiError from "effect/ai/AiError"
import * as Prompt from "effect/ai/Prompt"
import * as Effect from "effect/Effect"
import { type Count, most } from "./Count.ts"
import * as Limit from "./limit.ts"

/** A prompt that was cut to fit, or as it was. */
export interface Truncated {
  readonly prompt: Prompt.Prompt
  /** How many messages were left out. */
  readonly messages: number
  readonly count: Count
}

export const truncate = (
  model: string,
  request: Provider.CountRequest,
  limit: number | undefined,
  count: (request: Provider.CountRequest) => Effect.Effect<Count>
): Effect.Effect<Truncated, AiError.AiError> =>
  Effect.gen(function*() {
    let prompt = Prompt.make(request.prompt)
    let messages = 0
    // Each round leaves a message out, or is the last.
    while (true) {
      const counted = yield* count({ ...request, prompt })
      if (limit === undefined || most(counted) <= limit) return { prompt, messages, count: counted }
      const trimmed = PromptTrim.trim(prompt, excessOf(counted, limit))
      if (trimmed === undefined) return yield* Limit.overflow("truncate", model, counted, limit)
      prompt = trimmed.prompt
      messages += trimmed.messages
    }
  })

/** What is too much, taken for less than it may be: most of the error goes with what is left out. */
const excessOf = (count: Count, limit: number): number => {
  const tokens = count._tag === "Unknown" ? count.atLeast : count.tokens
  return Math.max(1, Math.floor(tokens * (1 - limit / most(count))))
}

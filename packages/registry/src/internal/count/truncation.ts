/** A request cut to a limit. */
import * as PromptTrim from "@llm-layers/core/PromptTrim"
import type * as Provider from "@llm-layers/core/Provider"
import type * as AiError from "effect/ai/AiError"
import * as Prompt from "effect/ai/Prompt"
import * as Effect from "effect/Effect"
import type { Count, Truncated } from "../../TokenCounter.ts"
import * as Limit from "./limit.ts"

/** The messages that are left out count about as estimated, so that the rest is counted again, this often at most. */
const rounds = 4

export const truncate = (
  model: string,
  request: Provider.CountRequest,
  limit: number | undefined,
  count: (request: Provider.CountRequest) => Effect.Effect<Count>
): Effect.Effect<Truncated, AiError.AiError> =>
  Effect.gen(function*() {
    let prompt = Prompt.make(request.prompt)
    let messages = 0
    for (let round = 0; round < rounds; round++) {
      const counted = yield* count({ ...request, prompt })
      const excess = limit === undefined ? 0 : mostOf(counted) - limit
      if (excess <= 0) return { prompt, messages, count: counted }
      const trimmed = PromptTrim.trim(prompt, excess)
      if (trimmed === undefined) return yield* Limit.overflow("truncate", model, counted, limit ?? 0)
      prompt = trimmed.prompt
      messages += trimmed.messages
    }
    const counted = yield* count({ ...request, prompt })
    return limit === undefined || mostOf(counted) <= limit
      ? { prompt, messages, count: counted }
      : yield* Limit.overflow("truncate", model, counted, limit)
  })

const mostOf = (count: Count): number =>
  count._tag === "Exact"
    ? count.tokens
    : count._tag === "Estimated"
    ? count.tokens + count.errorBound
    : count.atLeast

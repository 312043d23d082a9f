/** The methods that need no network, by name. */
import type * as Provider from "@llm-layers/core/Provider"
import * as TokenEstimate from "@llm-layers/core/TokenEstimate"
import * as OpenAiTokenizer from "@llm-layers/openai/OpenAiTokenizer"
import * as TokenCounter from "@llm-layers/registry/TokenCounter"
import * as Prompt from "effect/ai/Prompt"
import * as Effect from "effect/Effect"

/** What a method says of a request; `undefined` where it has no count. */
export type Said = { readonly tokens: number; readonly errorBound: number } | undefined

export interface Method {
  readonly name: string
  readonly count: (model: string, request: Provider.CountRequest) => Effect.Effect<Said, Error>
}

/** Models of OpenAI, whoever serves them. */
const openai = /^(?:openai\/)?((?:ft:)?(?:gpt-|o\d).*)$/

const estimated = (counted: TokenCounter.Count): Said => counted._tag === "Estimated" ? counted : undefined

export const methods: ReadonlyArray<Method> = [
  {
    name: "openai vocabulary",
    count: (model, request) => {
      const [, name] = openai.exec(model) ?? []
      return name === undefined ? Effect.succeed(undefined) : OpenAiTokenizer.count(name, request)
    }
  },
  {
    name: "heuristic",
    count: (model, request) => Effect.sync(() => estimated(TokenCounter.estimate(model, request)))
  },
  {
    // Has no bound of its own: two fifths of a text, and nothing of what vendors put around it.
    name: "TokenEstimate",
    count: (_, { prompt, toolChoice = "auto", tools = [] }) =>
      Effect.sync(() => {
        const tokens = TokenEstimate.ofRequest({
          prompt: Prompt.make(prompt),
          tools,
          toolChoice,
          responseFormat: { type: "text" }
        })
        return { tokens, errorBound: tokens * 0.4 }
      })
  }
]

/** Counts of the tokens of a request: what has tokens is in their request, and nothing their endpoint does not take. */
import type * as TokenCount from "@llm-layers/core/TokenCount"
import type * as AiError from "effect/ai/AiError"
import * as Tool from "effect/ai/Tool"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Fetch } from "./capture.ts"
import type { Check } from "./Vendor.ts"

/** How a vendor counts. `S` is what a model of it can be set to. */
export interface CountApi<S> {
  readonly model: string
  /** The answer of the endpoint. */
  readonly json: unknown
  readonly count: (options: TokenCount.Options<S>, fetch: Fetch) => Effect.Effect<number, AiError.AiError>
}

/** A count; `said` has to be found in its request. */
export const counted = <S>(
  { count, json, model }: CountApi<S>,
  name: string,
  options: TokenCount.Options<S>,
  said: ReadonlyArray<string>
): Check => ({
  name,
  model,
  mode: "count",
  answers: [{ json, events: "" }],
  said: said.map((form) => ({ what: "what was asked", forms: [form] })),
  refusedFor: [],
  run: (fetch) => Effect.as(count(options, fetch), { warnings: [] })
})

const depth = Tool.make("depth", {
  description: "How deep a river is",
  parameters: Schema.Struct({ river: Schema.String }),
  success: Schema.Finite
})

const history = [
  { role: "system", content: "Name rivers alone." },
  {
    role: "user",
    content: [{ type: "text", text: "What is this?" }, {
      type: "file",
      mediaType: "image/png",
      data: "iVBORw0KGgo="
    }]
  },
  { role: "assistant", content: [{ type: "tool-call", id: "call_depth", name: "depth", params: { river: "Douro" } }] },
  {
    role: "tool",
    content: [{ type: "tool-result", id: "call_depth", name: "depth", isFailure: false, result: 897 }]
  }
] as const

/** What every vendor that counts is asked. */
export const counts = <S>(api: CountApi<S>): ReadonlyArray<Check> => [
  counted(api, "the tokens of a question", { prompt: "Name three rivers." }, ["Name three rivers."]),
  counted(api, "the tokens of a history with a tool", { prompt: history, tools: [depth] }, [
    "Name rivers alone.",
    "What is this?",
    "iVBORw0KGgo=",
    "Douro",
    "897",
    "How deep a river is"
  ]),
  counted(api, "the tokens of a forced call", {
    prompt: "How deep is the Douro?",
    tools: [depth],
    toolChoice: { tool: "depth" }
  }, ["How deep is the Douro?", "depth"])
]

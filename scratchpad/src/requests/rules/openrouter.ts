/** What OpenRouter, or most of what is behind it, refuses although its description allows it. */
import * as Json from "@llm-layers/core/Json"
import type { Rule } from "../Vendor.ts"
import { choiceNeedsTools, inputs, messagesPaired, parametersComplete, toolNames } from "./openai.ts"
import { problem, records } from "./walk.ts"

const docs = "https://openrouter.ai/docs"

const oneBudget: Rule = {
  name: "reasoning by effort or by tokens",
  source: `${docs}/guides/best-practices/reasoning-tokens: "one of the following (not both)"`,
  check: ({ body }) => {
    const reasoning = Json.record(Json.record(body)["reasoning"])
    return "effort" in reasoning && "max_tokens" in reasoning
      ? [problem({ path: "/reasoning" }, "has an effort and a number of tokens")]
      : []
  }
}

const detailsWhole: Rule = {
  name: "reasoning details as they came",
  source: `${docs}/guides/best-practices/reasoning-tokens#preserving-reasoning: unmodified, in their order`,
  check: ({ body }) =>
    records(body, "messages").flatMap((message) => {
      const details = records(message.value, "reasoning_details", message.path)
      return details.filter(({ value }) => typeof value["type"] !== "string").map((place) =>
        problem(place, "is a detail without its type")
      )
    })
}

const namesItself: Rule = {
  name: "the app names itself",
  source: `${docs}/app-attribution`,
  check: ({ headers }) =>
    [["http-referer", "https://app.example.com"], ["x-openrouter-title", "Rivers"]].flatMap(([name = "", value]) =>
      headers.get(name) === value ? [] : [problem({ path: "" }, `has no header ${name}`)]
    )
}

export const chatRules: ReadonlyArray<Rule> = [
  parametersComplete,
  toolNames,
  choiceNeedsTools,
  messagesPaired,
  oneBudget,
  detailsWhole,
  namesItself
]
export const embeddingRules: ReadonlyArray<Rule> = [inputs, namesItself]

import { assert, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import { isAiError } from "effect/ai/AiError"
import { decodeAnswer } from "../src/internal/response.ts"
import { answer, context, text } from "./fixtures/events.ts"

const partsOf = (json: unknown) => {
  const decoded = decodeAnswer(context(), json)
  if (isAiError(decoded)) throw decoded
  return decoded
}

const failureOf = (json: unknown) => {
  const decoded = decodeAnswer(context(), json)
  if (!isAiError(decoded)) throw new Error("no failure")
  return decoded
}

it("thinking, text, plan and calls", () => {
  const parts = partsOf(answer({
    content: [{ type: "thinking", thinking: "Hm" }, { type: "text", text: "Hi" }],
    tool_plan: "I look.",
    tool_calls: [{ id: "look_1", type: "function", function: { name: "look", arguments: `{"at":"x"}` } }]
  }, { finish_reason: "TOOL_CALL" }))
  assert.deepStrictEqual(parts.map((part) => part.type), [
    "response-metadata",
    "reasoning",
    "text",
    "reasoning",
    "tool-call",
    "finish"
  ])
  assert.deepStrictEqual<unknown>(parts[3], {
    type: "reasoning",
    text: "I look.",
    metadata: { cohere: { type: "tool_plan" } }
  })
})

it("citations by the content they are of", () => {
  const citation = {
    start: 0,
    end: 1,
    text: "b",
    sources: [{ type: "document", id: "d1", document: { text: "…" } }],
    type: "TEXT_CONTENT",
    content_index: 0
  }
  const parts = partsOf(answer({ ...text("a", "b"), citations: [citation] }))
  const texts = parts.filter((part) => part.type === "text")
  assert.deepStrictEqual<unknown>(texts.map((part) => part.metadata), [{ cohere: { citations: [citation] } }, {}])
})

it("no content is an empty answer", () => {
  assert.deepStrictEqual(partsOf(answer({})).map((part) => part.type), ["response-metadata", "finish"])
})

it("a failed answer keeps what came, with its counts", () => {
  const error = failureOf(answer(text("Half"), { finish_reason: "ERROR" }))
  assert.strictEqual(ProviderError.kindOf(error), "ProviderFailed")
  const partial = ProviderError.partial(error)
  assert.isTrue(partial?.parts.some((part) => part.type === "text" && part.text === "Half"))
  assert.strictEqual(partial?.usage?.outputTokens.total, 5)
})

it("an error with a good status", () => {
  const error = failureOf({ id: "r1", message: "too many tokens", error_type: "TOO_MANY_TOKENS" })
  assert.strictEqual(ProviderError.kindOf(error), "ContextOverflow")
})

it("what is no answer", () => {
  for (const json of [{}, [], "text", null, { ok: true }]) {
    const decoded = decodeAnswer(context({ isEventStream: false }), json)
    assert.strictEqual(isAiError(decoded) && ProviderError.kindOf(decoded), "InvalidResponse")
  }
})

it("log probabilities and members nobody knows are kept", () => {
  const logprobs = [{ text: "Hi", token_ids: [1], logprobs: [-0.5] }]
  const finish = partsOf(answer({ ...text("Hi"), mood: "good" }, { logprobs, novelty: [1] })).at(-1)
  assert.deepInclude(finish?.metadata?.["cohere"], { logprobs, more: { mood: "good", novelty: [1] } })
})

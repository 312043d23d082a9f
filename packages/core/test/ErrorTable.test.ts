import { assert, describe, it } from "@effect/vitest"
import type * as ErrorKind from "@llm-layers/core/ErrorKind"
import * as ErrorTable from "@llm-layers/core/ErrorTable"

const facts = (given: Partial<ErrorTable.Facts>): ErrorTable.Facts => ({
  status: undefined,
  code: undefined,
  type: undefined,
  message: undefined,
  parameter: undefined,
  headers: {},
  body: undefined,
  ...given
})

const find = (given: Partial<ErrorTable.Facts>, vendor: ReadonlyArray<ErrorTable.Row> = []) =>
  ErrorTable.find(facts(given), vendor)

describe("rows all vendors share", () => {
  const cases: ReadonlyArray<
    readonly [given: Partial<ErrorTable.Facts>, kind: ErrorKind.Name, authentication?: string]
  > = [
    [{ status: 400 }, "InvalidRequest"],
    [{ status: 400, message: "This model's maximum context length is 8192 tokens" }, "ContextOverflow"],
    [{ status: 400, message: "prompt is too long: 210000 tokens > 200000 maximum" }, "ContextOverflow"],
    [{ status: 413, message: "too many tokens" }, "ContextOverflow"],
    [{ status: 422, message: "input is too long" }, "ContextOverflow"],
    [{ status: 500, message: "failed to read the context window" }, "ProviderFailed"],
    [{ status: 401 }, "AuthenticationFailed", "InvalidKey"],
    [{ status: 401, message: "Your key has expired" }, "AuthenticationFailed", "ExpiredKey"],
    [{ status: 401, message: "You didn't provide an API key" }, "AuthenticationFailed", "MissingKey"],
    [{ status: 401, message: "x-api-key header is required" }, "AuthenticationFailed", "MissingKey"],
    [{ status: 401, message: "invalid x-api-key" }, "AuthenticationFailed", "InvalidKey"],
    [{ status: 402 }, "QuotaExhausted"],
    [{ status: 403 }, "AuthenticationFailed", "InsufficientPermissions"],
    [{ status: 404 }, "InvalidRequest"],
    [{ status: 404, message: "The model `x` does not exist" }, "ModelNotFound"],
    [{ status: 408 }, "TimedOut"],
    [{ status: 409 }, "InvalidRequest"],
    [{ status: 412 }, "InvalidRequest"],
    [{ status: 413 }, "RequestTooLarge"],
    [{ status: 422 }, "InvalidRequest"],
    [{ status: 429 }, "RateLimited"],
    [{ status: 500 }, "ProviderFailed"],
    [{ status: 502 }, "ProviderFailed"],
    [{ status: 503 }, "Overloaded"],
    [{ status: 504 }, "TimedOut"],
    [{ status: 520 }, "ProviderFailed"],
    [{ status: 529 }, "Overloaded"],
    [{ status: 599 }, "ProviderFailed"],
    [{ code: "never heard of" }, "ProviderFailed"],
    [{ status: 304 }, "Unknown"]
  ]
  it.each(cases.map(([given, kind, authentication]) => ({ given, kind, authentication })))("$given", (one) => {
    const { authentication, given, kind } = one
    const row = find(given)
    assert.strictEqual(row.kind, kind)
    assert.strictEqual(row.authentication, authentication)
  })

  it("each of them decides one of the cases above, so none is dead", () => {
    const deciding = new Set(cases.map((one) => find(one[0])))
    assert.deepStrictEqual(ErrorTable.shared.filter((row) => !deciding.has(row)).map((row) => row.when), [])
  })
})

describe("a prompt that is too long", () => {
  it.each([
    // OpenAI, Chat Completions and Responses: platform.openai.com/docs/guides/error-codes, community.openai.com.
    "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens. Please reduce the length of the messages.",
    "Your input exceeds the context window of this model. Please adjust your input and try again.",
    "Input tokens exceed the configured limit of 272000 tokens. Your messages resulted in 300000 tokens.",
    // Anthropic: platform.claude.com/docs/en/build-with-claude/context-windows.
    "prompt is too long: 210000 tokens > 200000 maximum",
    "input length and `max_tokens` exceed context limit: 188240 + 21333 > 200000, decrease input length or `max_tokens` and try again",
    // vLLM: vllm/entrypoints/openai.
    "This model's maximum context length is 4096 tokens. However, you requested 4197 tokens (97 in the messages, 4100 in the completion).",
    "The decoder prompt (length 5000) is longer than the maximum model length of 4096.",
    "'max_tokens' or 'max_completion_tokens' is too large: 5000. This model's maximum context length is 4096 tokens and your request has 12 input tokens.",
    // Ollama: ollama/llm, ollama/server/routes.go.
    "the input length exceeds the context length",
    "prompt too long; exceeded max context length by 123 tokens",
    // llama.cpp: tools/server.
    "the request exceeds the available context size. try increasing the context size or enable context shift",
    "request (5000 tokens) exceeds the available context size (4096 tokens), try increasing it",
    // Groq.
    "Please reduce the length of the messages or completion.",
    // Mistral.
    "Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length",
    // xAI.
    "This model's maximum prompt length is 131072 but the request contains 537812 tokens.",
    // Google.
    "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
    // Cohere, text-generation-inference, Alibaba, Amazon Bedrock.
    "too many tokens: total number of tokens in the prompt cannot exceed 4081",
    "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 4000 `inputs` tokens and 500 `max_new_tokens`",
    "Range of input length should be [1, 30720]",
    "Input is too long for requested model."
  ])("%s", (message) => {
    assert.strictEqual(find({ status: 400, message }).kind, "ContextOverflow")
    assert.strictEqual(find({ status: 400, message, parameter: "messages" }).kind, "ContextOverflow")
    assert.strictEqual(find({ status: 400, message, parameter: "tools[0].search_context_size" }).kind, "InvalidRequest")
    assert.strictEqual(find({ status: 500, message }).kind, "ProviderFailed")
  })

  it.each<readonly [message: string, parameter?: string]>([
    ["Unknown parameter: 'tools[0].context_size'.", "tools[0].context_size"],
    ["Unknown parameter: 'context_size'."],
    ["Invalid value: 'huge' for search_context_size. Supported values are: 'low', 'medium', and 'high'."],
    ["search_context_size exceeds what this tool takes"],
    ["The setting context window must be a number"],
    ["max_tokens is too large: 100000. This model supports at most 16384 completion tokens.", "max_tokens"],
    ["max_tokens: 100000 > 64000, which is the maximum allowed number of output tokens for this model"],
    ["Invalid 'metadata.note': string too long. Expected a string with maximum length 512.", "metadata.note"],
    ["Invalid 'input[0].id': string too long. Expected a string with maximum length 64.", "input[0].id"]
  ])("is another thing than a wrong setting: %s", (message, parameter) => {
    assert.strictEqual(find({ status: 400, message, parameter }).kind, "InvalidRequest")
  })
})

describe("rows of a vendor", () => {
  const vendor = [
    ErrorTable.code(["a", "b"], "QuotaExhausted"),
    ErrorTable.message(/busy/i, "Overloaded", { statuses: [400, 429] }),
    ErrorTable.message(/policy/, "ContentRefused"),
    ErrorTable.status([418], "Unsupported", { when: "a teapot" })
  ]

  it("come before the shared ones, in order", () => {
    assert.strictEqual(find({ status: 429, code: "a" }, vendor).kind, "QuotaExhausted")
    assert.strictEqual(find({ status: 429, code: "a", message: "busy" }, vendor).kind, "QuotaExhausted")
    assert.strictEqual(find({ status: 429, message: "Busy!" }, vendor).kind, "Overloaded")
    assert.strictEqual(find({ status: 429 }, vendor).kind, "RateLimited")
  })

  it("look at code and type, at any status", () => {
    assert.strictEqual(find({ type: "b" }, vendor).kind, "QuotaExhausted")
    assert.strictEqual(find({ status: 500, code: "b", type: "other" }, vendor).kind, "QuotaExhausted")
    assert.strictEqual(find({ status: 500, code: "ab" }, vendor).kind, "ProviderFailed")
  })

  it("look at messages among their statuses", () => {
    assert.strictEqual(find({ status: 500, message: "busy" }, vendor).kind, "ProviderFailed")
    assert.strictEqual(find({ message: "busy" }, vendor).kind, "ProviderFailed")
    assert.strictEqual(find({ message: "against policy" }, vendor).kind, "ContentRefused")
    assert.strictEqual(find({ status: 451, message: "against policy" }, vendor).kind, "ContentRefused")
  })

  it("say in words when they match, for the documentation", () =>
    assert.deepStrictEqual(vendor.map((row) => row.when), [
      "code or type `a`, `b`",
      "status 400, 429, message matches `busy`",
      "any status, message matches `policy`",
      "a teapot"
    ]))
})

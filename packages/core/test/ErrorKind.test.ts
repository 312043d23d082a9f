import { assert, describe, it } from "@effect/vitest"
import * as ErrorKind from "@llm-layers/core/ErrorKind"
import * as ProviderError from "@llm-layers/core/ProviderError"
import { AiError } from "effect/ai"
import { origin } from "./fixtures/acme.ts"

const reasonOf = (reason: AiError.AiErrorReason) => AiError.make({ module: "Other", method: "generateText", reason })

describe("kinds", () => {
  it.each(Object.entries(ErrorKind.kinds))(
    "%s travels as the reason and is retryable as the table says",
    (name, kind) => {
      // `Object.entries` loses the names.
      const error = ProviderError.make(origin, name as ErrorKind.Name)
      assert.strictEqual(error.reason._tag, kind.reason)
      assert.strictEqual(error.isRetryable, kind.retryable)
      assert.strictEqual(ErrorKind.kindOf(error), name)
      assert.isAbove(kind.advice.length, 10)
    }
  )
})

describe("reasonsOf", () => {
  it("begins with the reason that errors are made with, and has those of others", () => {
    assert.deepStrictEqual(ErrorKind.reasonsOf("InvalidOutput"), [
      "InvalidOutputError",
      "StructuredOutputError",
      "ToolNotFoundError",
      "ToolParameterValidationError"
    ])
    assert.deepStrictEqual(ErrorKind.reasonsOf("Unsupported"), ["InvalidRequestError", "UnsupportedSchemaError"])
    assert.deepStrictEqual(ErrorKind.reasonsOf("OutputTruncated"), ["InvalidResponseError"])
  })
})

describe("kindOf", () => {
  it.each<readonly [AiError.AiErrorReason, ErrorKind.Name]>([
    [new AiError.RateLimitError({}), "RateLimited"],
    [new AiError.QuotaExhaustedError({}), "QuotaExhausted"],
    [new AiError.AuthenticationError({ kind: "InvalidKey" }), "AuthenticationFailed"],
    [new AiError.ContentPolicyError({ description: "" }), "ContentRefused"],
    [new AiError.InvalidRequestError({}), "InvalidRequest"],
    [new AiError.UnsupportedSchemaError({ description: "" }), "Unsupported"],
    [new AiError.InvalidUserInputError({ description: "" }), "InvalidRequest"],
    [new AiError.InternalProviderError({ description: "" }), "ProviderFailed"],
    [new AiError.NetworkError({ reason: "TransportError", method: "POST", url: "" }), "ConnectionFailed"],
    [new AiError.InvalidResponseError({ description: "" }), "InvalidResponse"],
    [new AiError.InvalidOutputError({ description: "" }), "InvalidOutput"],
    [new AiError.StructuredOutputError({ description: "", responseText: "" }), "InvalidOutput"],
    [new AiError.ToolNotFoundError({ toolName: "a", availableTools: [] }), "InvalidOutput"],
    [new AiError.ToolParameterValidationError({ toolName: "a", description: "" }), "InvalidOutput"],
    [new AiError.ToolkitRequiredError({ pendingApprovals: [] }), "Unknown"],
    [new AiError.UnknownError({}), "Unknown"]
  ])(
    "tells errors of others by their reason: %s",
    (reason, kind) => assert.strictEqual(ErrorKind.kindOf(reasonOf(reason)), kind)
  )

  it("believes a kind in the metadata, if it is one", () => {
    const stated = (kind: unknown) =>
      ErrorKind.kindOf(reasonOf(
        new AiError.InternalProviderError({
          description: "",
          metadata: JSON.parse(JSON.stringify({ llmLayers: { kind } }))
        })
      ))
    assert.strictEqual(stated("TimedOut"), "TimedOut")
    assert.strictEqual(stated("toString"), "ProviderFailed")
    assert.strictEqual(stated("Nonsense"), "ProviderFailed")
    assert.strictEqual(stated(7), "ProviderFailed")
  })
})

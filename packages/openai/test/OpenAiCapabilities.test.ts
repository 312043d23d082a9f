import { assert, describe, it } from "@effect/vitest"
import * as OpenAiCapabilities from "@llm-layers/openai/OpenAiCapabilities"

describe("OpenAiCapabilities", () => {
  const of = OpenAiCapabilities.of

  it("models that reason take no sampling settings, unless their default is not to reason", () => {
    for (
      const model of ["o1", "o3", "o3-pro", "o4-mini-2025-04-16", "gpt-5", "gpt-5-nano", "gpt-5-codex", "gpt-5.6-sol"]
    ) {
      assert.isFalse(of(model).temperature, model)
      assert.isTrue(of(model).reasoning, model)
    }
    for (const model of ["gpt-5.1", "gpt-5.2-2025-12-11", "gpt-5.4-nano"]) {
      assert.isTrue(of(model).temperature, model)
      assert.isTrue(of(model).reasoningOff, model)
    }
  })

  it("models that do not reason say so", () => {
    for (
      const model of [
        "gpt-4o",
        "gpt-4.1-nano",
        "ft:gpt-4.1-2025-04-14:acme::x",
        "chatgpt-4o-latest",
        "gpt-5-chat-latest"
      ]
    ) {
      assert.isFalse(of(model).reasoning, model)
      assert.isTrue(of(model).temperature, model)
    }
  })

  it("older models see and structure less", () => {
    assert.isFalse(of("gpt-4").imageInput)
    assert.isFalse(of("gpt-3.5-turbo-0125").structuredOutput)
    assert.isTrue(of("gpt-4-turbo").imageInput)
    assert.isFalse(of("o3-mini").imageInput)
    assert.isTrue(of("gpt-4o-mini").imageInput)
  })

  it("a model nobody knows is refused nothing the API can do", () => {
    const unknown = of("gpt-9-nova")
    assert.isTrue(unknown.temperature && unknown.tools && unknown.structuredOutput && unknown.imageInput)
    assert.isFalse(unknown.topK || unknown.seed || unknown.stopSequences || unknown.audioInput)
  })
})

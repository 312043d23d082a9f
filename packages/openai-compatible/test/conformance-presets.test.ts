import { assert, it } from "@effect/vitest"
import { ConformanceLaws, type Harness, type Law } from "@llm-layers/testing"
import { Effect, Layer } from "effect"
import { describe } from "vitest"
import type * as OpenAiCompatibleLanguageModel from "../src/OpenAiCompatibleLanguageModel.ts"
import type * as Preset from "../src/Preset.ts"
import * as Presets from "../src/Presets.ts"
import { answerIn, type Form } from "./fixtures/said.ts"

/** Groups of laws that a preset's data touch. The others are about the dialect, which has a suite of its own. */
const ofRequests = new Set(["objects", "tools", "history"])
/** Where the server says it otherwise than OpenAI does. */
const ofAnswers = new Set(["answers", "order", "usage"])

interface Wire extends Form {
  readonly lacks?: Harness.Lacks
}

const lean = ({ input, output }: Harness.SaidUsage) => ({
  prompt_tokens: input,
  completion_tokens: output,
  total_tokens: input + output
})

/** How each server says it, by the documents that the presets name. Those that are not here say it as OpenAI does. */
const wires: { readonly [name: string]: Wire } = {
  ollama: {
    reasoning: "reasoning",
    calls: "whole, index 0",
    counts: lean,
    lacks: { cacheRead: "it counts none", reasoningTokens: "it counts none" }
  },
  vllm: { reasoning: "reasoning", calls: "pieces with null" },
  llamacpp: { noId: "" },
  groq: { reasoning: "reasoning", calls: "whole", usage: "x_groq" },
  deepseek: {
    usage: "last chunk",
    counts: (usage) => ({
      ...lean(usage),
      prompt_cache_hit_tokens: usage.cacheRead,
      prompt_cache_miss_tokens: usage.input - usage.cacheRead,
      completion_tokens_details: { reasoning_tokens: usage.reasoning }
    })
  },
  mistral: { reasoning: "thinking", calls: "whole", usage: "last chunk" },
  // Tokens of reasoning are in the total alone.
  xai: {
    calls: "whole, no index",
    counts: (usage) => ({
      ...lean(usage),
      prompt_tokens_details: { cached_tokens: usage.cacheRead },
      completion_tokens: usage.output - usage.reasoning,
      completion_tokens_details: { reasoning_tokens: usage.reasoning }
    })
  },
  together: { reasoning: "reasoning", usage: "last chunk" },
  fireworks: { calls: "pieces with null", usage: "last chunk" }
}

const harness = (preset: Preset.Preset<string>): Harness.Harness<OpenAiCompatibleLanguageModel.Config> => {
  const { lacks, ...form } = wires[preset.data.name] ?? {}
  return {
    models: ["served"],
    capabilities: preset.capabilities,
    layer: ({ apiKey, baseUrl, fetch, model, settings }) =>
      preset.model(model, settings).pipe(
        Layer.provide(preset.layer({ apiKey, baseUrl: `${baseUrl}/v1`, fetch }))
      ),
    settings: {
      reasoning: { settings: { reasoningEffort: "high" }, wire: "high" },
      reasoningOff: { settings: { reasoningEffort: "none" }, wire: "none" }
    },
    answer: answerIn(form),
    failures: [{ name: "an error inside", status: 500, body: { message: "It broke" }, kind: "ProviderFailed" }],
    errorEvents: [],
    lacks: { secret: "the dialect has nothing that goes back with reasoning", ...lacks },
    callIds: "optional"
  }
}

// One is asked only for what fits itself, whatever its name is.
const all = Object.values(Presets) as ReadonlyArray<unknown> as ReadonlyArray<Preset.Preset<string>>

const isTouched = ({ capabilities, data }: Preset.Preset<string>, { group, name }: Law.Law): boolean => {
  // The ids of the kit are no ids for such a server, which gets others; `Presets.test.ts` has these.
  if (group === "history" && data.quirks.toolCallIds?.pattern.test("call_kit_a") === false) return false
  if (ofAnswers.has(group)) return wires[data.name] !== undefined
  // What the dialect can do, and the preset does not deny, is the dialect's.
  const denied = Object.entries(capabilities("served")).some(([flag, can]) => !can && name.startsWith(`${flag} is`))
  return ofRequests.has(group) || (group === "capabilities" && denied)
}

for (const preset of all) {
  describe(preset.data.title, () => {
    for (const law of ConformanceLaws.languageModel(harness(preset))) {
      if (!isTouched(preset, law)) continue
      it(`${law.group}: ${law.name}`, async (context) => {
        if (law.skipped !== undefined) context.skip(law.skipped)
        await Effect.runPromise(law.check)
      })
    }
  })
}

it("the forms are those of presets there are", () => {
  for (const name of Object.keys(wires)) assert.property(Presets, name)
})

/** What Acme's models cannot do. What no row speaks of, they can. */
import * as Capability from "@llm-layers/core/Capability"

export const table: Capability.Table = {
  // What the API has no word for, whatever the model.
  provider: {
    pdfInput: false,
    textInput: false,
    audioInput: false,
    videoInput: false,
    strictTools: false,
    topP: false,
    topK: false,
    stopSequences: false,
    seed: false,
    presencePenalty: false,
    frequencyPenalty: false,
    reasoningBudget: false,
    reasoningAdaptive: false,
    prefill: false
  },
  rows: [
    {
      models: "acme-mini",
      match: /^acme-mini/,
      source: "https://docs.acme.example/models",
      flags: { imageInput: false, reasoning: false, reasoningOff: false }
    }
  ]
}

export const of = (model: string): Capability.Capabilities => Capability.lookup(table, model)

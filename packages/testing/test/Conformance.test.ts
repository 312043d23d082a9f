import { Capability } from "@llm-layers/core"
import * as Usage from "@llm-layers/core/Usage"
import { type Harness, ScriptedModel } from "@llm-layers/testing"
import * as Conformance from "@llm-layers/testing/Conformance"

/** An answer of the kit as an entry of a script. */
const entry = ({ finish, id, parts, usage }: Harness.Said): ScriptedModel.Entry => [
  { type: "response-metadata", id, modelId: "scripted" },
  ...parts.flatMap((part): ReadonlyArray<ScriptedModel.Part | ScriptedModel.ToolCall> => {
    switch (part.type) {
      case "text":
        return [
          ...(part.pieces.length === 0 ? [] : [{ type: "text", text: part.pieces.join("") } as const]),
          ...part.sources.map((
            source,
            index
          ) => ({ type: "source", sourceType: "url", id: `s${index}`, ...source } as const))
        ]
      case "reasoning":
        return [{ type: "reasoning", text: part.pieces.join("") }]
      case "tool-call":
        return [ScriptedModel.toolCall(part.name, part.params, part.id)]
    }
  }),
  {
    type: "finish",
    reason: finish,
    usage: Usage.make({
      inputTotal: usage.input,
      cacheRead: usage.cacheRead,
      outputTotal: usage.output,
      reasoning: usage.reasoning
    })
  }
]

Conformance.suite("ScriptedModel", {
  local: (said) => ScriptedModel.layer([entry(said)]),
  capabilities: Capability.all
})

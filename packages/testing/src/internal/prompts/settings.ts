/** The settings all providers share. */
import type * as Capability from "@llm-layers/core/Capability"
import type * as Settings from "@llm-layers/core/Settings"
import { make, type PromptCase } from "./PromptCase.ts"

const set = (
  name: string,
  given: Settings.Common,
  ...needs: ReadonlyArray<Capability.Flag>
): PromptCase => make({ name, needs, prompt: "Name three rivers.", settings: given })

export const settings: ReadonlyArray<PromptCase> = [
  set("a limit of output tokens", { maxOutputTokens: 1999 }),
  set("a temperature", { temperature: 0.5 }, "temperature"),
  set("a temperature of zero", { temperature: 0 }, "temperature"),
  set("top P", { topP: 0.9 }, "topP"),
  set("top K", { topK: 40 }, "topK"),
  set("one stop sequence", { stopSequences: ["END"] }, "stopSequences"),
  set("several stop sequences", { stopSequences: ["END", "###", "Observation:"] }, "stopSequences"),
  set("a seed", { seed: 7 }, "seed"),
  set("a presence penalty", { presencePenalty: 0.5 }, "presencePenalty"),
  set("a frequency penalty", { frequencyPenalty: -0.5 }, "frequencyPenalty")
]

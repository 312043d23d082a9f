/**
 * What StackSpot's agents refuse, as data: the API takes one text and gives one back. Model, instructions and tools are set
 * on the agent in the portal, so nothing here depends on the agent.
 */
import * as Capability from "@llm-layers/core/Capability"

/**
 * The table. Source: ai.stackspot.com/docs, Agents API: the body of a chat has no roles, no tools, no schema and no sampling
 * settings; no public client sends any. System messages are a part of the text that is sent, wherever they stand.
 */
export const table: Capability.Table = {
  provider: {
    imageInput: false,
    pdfInput: false,
    textInput: false,
    audioInput: false,
    videoInput: false,
    tools: false,
    forcedToolChoice: false,
    strictTools: false,
    structuredOutput: false,
    temperature: false,
    topP: false,
    topK: false,
    stopSequences: false,
    seed: false,
    presencePenalty: false,
    frequencyPenalty: false,
    reasoning: false,
    reasoningBudget: false,
    reasoningAdaptive: false,
    reasoningOff: false,
    prefill: false
  },
  rows: []
}

/**
 * What an agent can do.
 *
 * @example
 * ```ts
 * import * as StackSpotCapabilities from "@llm-layers/stackspot/StackSpotCapabilities"
 * import { strictEqual } from "node:assert"
 *
 * strictEqual(StackSpotCapabilities.lookup("01JXYZ0000000000000000AGNT").tools, false)
 * strictEqual(StackSpotCapabilities.lookup("01JXYZ0000000000000000AGNT").streaming, true)
 * ```
 */
export const lookup = (agent: string): Capability.Capabilities => Capability.lookup(table, agent)

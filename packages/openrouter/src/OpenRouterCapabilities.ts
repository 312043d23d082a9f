/**
 * What models can do through OpenRouter, as data.
 *
 * There is nothing in it: any model of any vendor can be asked for, which upstream serves it is known afterwards, and what
 * an upstream refuses is its own error. `provider: { requireParameters: true }` keeps a request from upstreams that would
 * leave out what they do not know.
 */
import * as Capability from "@llm-layers/core/Capability"

/** The table: nothing is refused before the network. */
export const table: Capability.Table = { provider: {}, rows: [] }

/**
 * The capabilities of a model.
 *
 * @example
 * ```ts
 * import * as OpenRouterCapabilities from "@llm-layers/openrouter/OpenRouterCapabilities"
 * import { strictEqual } from "node:assert"
 *
 * strictEqual(OpenRouterCapabilities.of("anthropic/claude-sonnet-5").topK, true)
 * ```
 */
export const of = (model: string): Capability.Capabilities => Capability.lookup(table, model)

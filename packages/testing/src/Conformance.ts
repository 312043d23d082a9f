/**
 * The conformance suite of providers, as tests of Vitest. Not in the barrel of the package, because it imports `vitest`.
 */
import type * as Settings from "@llm-layers/core/Settings"
import { embeddingModel, languageModel, type Options } from "./ConformanceLaws.ts"
import type { EmbeddingHarness, Harness, LocalHarness } from "./Harness.ts"
import { register } from "./internal/register.ts"

/**
 * Registers the laws for a provider with Vitest: one test a law, under the name. What does not apply is reported as
 * skipped, with the reason. The guide "Add a provider" has a harness in full.
 *
 * @example
 * ```ts no-run
 * import { Capability } from "@llm-layers/core"
 * import { ScriptedModel } from "@llm-layers/testing"
 * import * as Conformance from "@llm-layers/testing/Conformance"
 *
 * Conformance.suite("a model that says what it is told to", {
 *   local: (said) => ScriptedModel.layer([said.parts.flatMap((part) => part.type === "text" ? part.pieces : []).join("")]),
 *   capabilities: { ...Capability.all, tools: false, reasoning: false },
 *   lacks: { sources: "a script of texts has none", refusal: "it never refuses" }
 * })
 * ```
 */
export const suite = <S extends Settings.Common>(
  name: string,
  harness: Harness<S> | LocalHarness,
  options: Options = {}
): void => register(name, languageModel(harness, options))

/**
 * Registers the laws for an embedding model: vectors in the order and number of their inputs, whatever the vendor does.
 *
 * @example
 * ```ts no-run
 * import * as OpenAiClient from "@llm-layers/openai/OpenAiClient"
 * import * as OpenAiEmbeddingModel from "@llm-layers/openai/OpenAiEmbeddingModel"
 * import * as Conformance from "@llm-layers/testing/Conformance"
 * import { Layer } from "effect"
 *
 * Conformance.embeddings("OpenAI", {
 *   layer: (setup) =>
 *     OpenAiEmbeddingModel.layer("text-embedding-3-small", { encodingFormat: "float" }).pipe(
 *       Layer.provide(OpenAiClient.layer(setup))
 *     ),
 *   limit: 2048,
 *   inputs: (body) => Object(body).input,
 *   answer: (embeddings, tokens) => ({
 *     data: embeddings.map(({ index, vector }) => ({ index, embedding: vector })),
 *     usage: { prompt_tokens: tokens }
 *   }),
 *   indexed: true,
 *   failures: [{ name: "a bad key", status: 401, body: { error: {} }, kind: "AuthenticationFailed" }]
 * })
 * ```
 */
export const embeddings = (name: string, harness: EmbeddingHarness, options: Options = {}): void =>
  register(name, embeddingModel(harness, options))

/**
 * The conformance suite of providers, as tests of Vitest. Not in the barrel of the package, because it imports `vitest`.
 */
import type * as Settings from "@llm-layers/core/Settings"
import { embeddingModel, languageModel, type Options } from "./ConformanceLaws.ts"
import type { EmbeddingHarness, Harness, LocalHarness } from "./Harness.ts"
import { register } from "./internal/register.ts"

/**
 * Registers the laws for a provider with Vitest: one test a law, under the name.
 */
export const suite = <S extends Settings.Common>(
  name: string,
  harness: Harness<S> | LocalHarness,
  options: Options = {}
): void => register(name, languageModel(harness, options))

/**
 * Registers the laws for an embedding model.
 */
export const embeddings = (name: string, harness: EmbeddingHarness, options: Options = {}): void =>
  register(name, embeddingModel(harness, options))

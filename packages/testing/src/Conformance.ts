/**
 * The conformance suite of providers, as tests of Vitest. Not in the barrel of the package, because it imports `vitest`.
 */
import type * as Settings from "@llm-layers/core/Settings"
import { languageModel, type Options } from "./ConformanceLaws.ts"
import type { Harness, LocalHarness } from "./Harness.ts"
import { register } from "./internal/register.ts"

/**
 * Registers the laws for a provider with Vitest: one test a law, under the name.
 */
export const suite = <S extends Settings.Common>(
  name: string,
  harness: Harness<S> | LocalHarness,
  options: Options = {}
): void => register(name, languageModel(harness, options))

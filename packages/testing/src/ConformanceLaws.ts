/**
 * The laws that every provider keeps, as data. `Conformance` registers them with Vitest; this module knows of no test
 * framework.
 */
import type * as Settings from "@llm-layers/core/Settings"
import type { EmbeddingHarness, Harness, LocalHarness } from "./Harness.ts"
import * as Kit from "./internal/conformance/kit.ts"
import type { Options } from "./internal/conformance/law.ts"
import { answers } from "./internal/conformance/laws/answers.ts"
import { capabilities } from "./internal/conformance/laws/capabilities.ts"
import { concurrency } from "./internal/conformance/laws/concurrency.ts"
import { embeddings } from "./internal/conformance/laws/embeddings.ts"
import { failures } from "./internal/conformance/laws/failures.ts"
import { history } from "./internal/conformance/laws/history.ts"
import { interruption } from "./internal/conformance/laws/interruption.ts"
import { objects } from "./internal/conformance/laws/objects.ts"
import { order, usage } from "./internal/conformance/laws/order.ts"
import { prompts } from "./internal/conformance/laws/prompts.ts"
import { splits } from "./internal/conformance/laws/splits.ts"
import { tools } from "./internal/conformance/laws/tools.ts"
import { truncation } from "./internal/conformance/laws/truncation.ts"
import { unknowns } from "./internal/conformance/laws/unknowns.ts"
import { laws as policyLaws, type Subject as PolicySubject } from "./internal/policies/laws.ts"
import type { Law } from "./Law.ts"

export type { Options }

/**
 * The laws for a provider, bound to its harness. Each watches for promises that are rejected with nobody waiting
 * for them; of laws that are checked at the same time, such a promise breaks them all.
 *
 * @example
 * ```ts
 * import { Capability } from "@llm-layers/core"
 * import { ConformanceLaws, ScriptedModel } from "@llm-layers/testing"
 * import { Effect } from "effect"
 * import { strictEqual } from "node:assert"
 *
 * // A model that says nothing but "Hello", whatever is to be said.
 * const laws = ConformanceLaws.languageModel({
 *   local: () => ScriptedModel.layer(["Hello"]),
 *   capabilities: Capability.all
 * })
 * const law = laws.find(({ name }) => name === "a long text: generateText gives what was said")
 * const broken = law === undefined ? undefined : await Effect.runPromise(Effect.flip(law.check))
 * strictEqual(broken?.law, law && `${law.group}: ${law.name}`)
 * ```
 */
export const languageModel = <S extends Settings.Common>(
  harness: Harness<S> | LocalHarness,
  options: Options = {}
): ReadonlyArray<Law> => {
  if ("local" in harness) return always(Kit.local(harness, options))
  const kit = Kit.wired(harness, options)
  return [
    ...always(kit),
    ...unknowns(kit),
    ...splits(kit),
    ...truncation(kit),
    ...failures(kit),
    ...interruption(kit),
    ...history(kit),
    ...prompts(kit),
    ...capabilities(kit),
    ...concurrency(kit)
  ]
}

/** What holds for a model on this side of the network as well. */
const always = (kit: Kit.Kit): ReadonlyArray<Law> => [
  ...answers(kit),
  ...order(kit),
  ...usage(kit),
  ...objects(kit),
  ...tools(kit)
]

/**
 * The laws for an embedding model, bound to its harness: vectors in the order and number of their inputs at 0, 1, the
 * limit of a request, one more, and ten times as many.
 */
export const embeddingModel = (harness: EmbeddingHarness, options: Options = {}): ReadonlyArray<Law> =>
  embeddings(harness, options)

/**
 * The laws for a policy. `policy` makes it anew for each of them; the layer supplies what it needs.
 *
 * @example
 * ```ts
 * import * as Policy from "@llm-layers/core/Policy"
 * import { ConformanceLaws } from "@llm-layers/testing"
 * import { Effect, Layer } from "effect"
 *
 * for (const law of ConformanceLaws.policy({ policy: () => Policy.compose(), layer: Layer.empty })) {
 *   await Effect.runPromise(law.check)
 * }
 * ```
 */
export const policy = <R>(subject: PolicySubject<R>, options: Options = {}): ReadonlyArray<Law> =>
  policyLaws(subject, options)

/**
 * The laws of policies, as tests of Vitest. Not in the barrel of the package, because it imports `vitest`;
 * `ConformanceLaws.policy` has them as data.
 */
import type * as Policy from "@llm-layers/core/Policy"
import * as Layer from "effect/Layer"
import { type Options, policy as laws } from "./ConformanceLaws.ts"
import { register } from "./internal/register.ts"

/**
 * Registers the laws for a policy with Vitest: one test a law, under the name. The policy is made anew for each.
 *
 * A policy that needs services gets them from the layer, which is built anew as well. Time is that of `TestClock`, and
 * passes where a call waits.
 *
 * @example
 * ```ts no-run
 * import * as Policy from "@llm-layers/core/Policy"
 * import * as PolicyLaws from "@llm-layers/testing/PolicyLaws"
 *
 * PolicyLaws.suite("no policy at all", () => Policy.compose())
 * ```
 */
export const suite: {
  (name: string, policy: () => Policy.Policy, options?: Options): void
  <R>(name: string, policy: () => Policy.Policy<R>, options: Options & { readonly layer: Layer.Layer<R> }): void
} = <R>(
  name: string,
  policy: () => Policy.Policy<R>,
  options: Options & { readonly layer?: Layer.Layer<R> } = {}
): void => {
  // The first signature is the one for a policy that needs nothing.
  const layer = options.layer ?? (Layer.empty as Layer.Layer<R>)
  register(name, laws({ policy, layer }, options))
}

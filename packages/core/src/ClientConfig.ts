/**
 * Reads a client's options from `Config`, so that every `layerConfig` takes the same names and says the same of a
 * missing key.
 */
import type * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import type { Loaded, Names, Options, RequiredOptions } from "./internal/clientConfig.ts"

export type { Loaded, Names, Options, RequiredOptions } from "./internal/clientConfig.ts"

/**
 * Key, base URL and other options, by default from the vendor's own environment names. A key that is missing or empty is
 * a `ConfigError` with the name in it; other standard names that are missing or empty are `undefined`. A `Config` the
 * caller gave must be there: without its base URL, the key would go to the vendor's. With a `prefix`, each name that is not
 * set is looked up again with the prefix before it.
 *
 * `Config` and what it needs are loaded when this runs: clients that are made from code do without.
 *
 * @example
 * ```ts
 * import * as ClientConfig from "@llm-layers/core/ClientConfig"
 * import { ConfigProvider, Effect, Redacted } from "effect"
 * import { strictEqual } from "node:assert"
 *
 * const names = { apiKey: "ACME_API_KEY", baseUrl: "ACME_BASE_URL", others: {} }
 * const env = { ACME_API_KEY: "secret" }
 *
 * const { apiKey } = await ClientConfig.load({}, names).pipe(
 *   Effect.provide(ConfigProvider.layer(ConfigProvider.fromEnv({ env }))),
 *   Effect.runPromise
 * )
 * strictEqual(Redacted.value(apiKey), "secret")
 *
 * const prefixed = await ClientConfig.load({ prefix: "MYAPP_" }, names).pipe(
 *   Effect.provide(ConfigProvider.layer(ConfigProvider.fromEnv({ env: { MYAPP_ACME_API_KEY: "own" } }))),
 *   Effect.runPromise
 * )
 * strictEqual(Redacted.value(prefixed.apiKey), "own")
 * ```
 */
export const load = <const Other extends string = never, const Needed extends string = never>(
  options: Options<NoInfer<Other | Needed>>,
  names: Names<Other, Needed>
): Effect.Effect<Loaded<Other, Needed>, Config.ConfigError> =>
  Effect.flatMap(Effect.promise(() => import("./internal/clientConfig.ts")), ({ loaded }) => loaded(options, names))

/**
 * Key and base URL from `Config`s of the caller's own, for servers without standard names. Either is a `ConfigError`
 * where it is missing or empty.
 *
 * @example
 * ```ts
 * import * as ClientConfig from "@llm-layers/core/ClientConfig"
 * import { Config, ConfigProvider, Effect } from "effect"
 * import { strictEqual } from "node:assert"
 *
 * const env = { VLLM_KEY: "secret", VLLM_URL: "http://localhost:8000/v1" }
 *
 * const { baseUrl } = await ClientConfig.required({
 *   apiKey: Config.Redacted("VLLM_KEY"),
 *   baseUrl: Config.String("VLLM_URL")
 * }).pipe(
 *   Effect.provide(ConfigProvider.layer(ConfigProvider.fromEnv({ env }))),
 *   Effect.runPromise
 * )
 * strictEqual(baseUrl, env.VLLM_URL)
 * ```
 */
export const required = (
  options: RequiredOptions
): Effect.Effect<{ readonly apiKey: Redacted.Redacted; readonly baseUrl: string }, Config.ConfigError> =>
  Effect.flatMap(Effect.promise(() => import("./internal/clientConfig.ts")), ({ required }) => required(options))

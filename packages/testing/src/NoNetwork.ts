/**
 * Forbids connections to other machines, so that no test can reach a vendor, however the program came to try.
 *
 * While it is on, `fetch`, `node:http`, `node:https`, `node:http2`, `node:net` and `node:tls` fail at once for every host
 * but this machine, with an error that names the host; no DNS query leaves. Loopback and Unix sockets work.
 *
 * It rules the process it runs in: other processes, worker threads, UDP, connections that were open before, and what
 * goes through a proxy on loopback are not seen.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import * as Network from "./internal/network.ts"

export { NetworkForbidden } from "./internal/network.ts"

/** What stays possible. */
export interface Options {
  /** Host names and addresses that may be reached, as they are connected to: `db.test.internal`, `192.168.1.5`. */
  readonly allow?: ReadonlyArray<string> | undefined
}

/**
 * Forbids from now on, for the setup file of a test run. What comes back ends it. `NoNetworkSetup` is that setup file for
 * those who allow nothing.
 *
 * @example
 * ```ts
 * import * as NoNetwork from "@llm-layers/testing/NoNetwork"
 *
 * NoNetwork.forbid({ allow: ["db.test.internal"] })
 * ```
 */
export const forbid = (options: Options = {}): () => void => Network.forbid(options.allow)

/**
 * Forbids until the scope closes.
 *
 * It rules the process and not only the fiber: what runs beside it cannot connect either. Where several scopes are open,
 * a host is allowed that one of them allows; so a test can allow one that the setup file forbids.
 */
export const make = (options: Options = {}): Effect.Effect<void, never, Scope.Scope> =>
  Effect.asVoid(
    Effect.acquireRelease(Effect.sync(() => forbid(options)), (end) => Effect.sync(end))
  )

/**
 * Forbids while the Layer is there.
 *
 * @example
 * ```ts
 * import * as NoNetwork from "@llm-layers/testing/NoNetwork"
 * import { Effect } from "effect"
 * import { strictEqual } from "node:assert"
 *
 * const program = Effect.tryPromise(() => fetch("https://api.example.com/"))
 *
 * const error = await program.pipe(Effect.flip, Effect.provide(NoNetwork.layer()), Effect.runPromise)
 * // `fetch` puts the reason into the cause of its own error.
 * const reason = error.cause instanceof Error ? error.cause.cause : undefined
 * strictEqual(reason instanceof NoNetwork.NetworkForbidden && reason.host, "api.example.com")
 * ```
 */
export const layer = (options?: Options): Layer.Layer<never> => Layer.effectDiscard(make(options))

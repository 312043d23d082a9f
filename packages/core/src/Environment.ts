/**
 * Keeps the environment out of what an official SDK builds: a client sends what it was given.
 */

/**
 * Runs a constructor as if a variable were not set. The SDKs add the headers in `OPENAI_CUSTOM_HEADERS` and its like to
 * every request, whichever server it goes to, and have no option against it; they read it once, when they are made.
 *
 * The variable is back when this returns; no other code of the thread runs in between.
 *
 * @example
 * ```ts
 * import * as Environment from "@llm-layers/core/Environment"
 * import { strictEqual } from "node:assert"
 *
 * process.env["ACME_CUSTOM_HEADERS"] = "x-secret: 1"
 * strictEqual(Environment.without("ACME_CUSTOM_HEADERS", () => process.env["ACME_CUSTOM_HEADERS"]), undefined)
 * strictEqual(process.env["ACME_CUSTOM_HEADERS"], "x-secret: 1")
 * ```
 */
export const without = <A>(name: string, make: () => A): A => {
  // Not every place that runs JavaScript has a `process`.
  const env = "process" in globalThis ? globalThis.process.env : undefined
  const value = env?.[name]
  if (env === undefined || value === undefined) return make()
  delete env[name]
  try {
    return make()
  } finally {
    env[name] = value
  }
}

/**
 * A setup file for Vitest: imported, it forbids connections to other machines for the whole run. See `NoNetwork`.
 *
 * @example
 * ```ts
 * import { defineConfig } from "vitest/config"
 *
 * export default defineConfig({
 *   test: { setupFiles: ["@llm-layers/testing/NoNetworkSetup"] }
 * })
 * ```
 */
import { forbid } from "./internal/network.ts"

forbid()

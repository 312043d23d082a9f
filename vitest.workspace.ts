import { join } from "node:path"
import { defineConfig } from "vitest/config"

const conditions = ["llm-layers-source", "node", "import", "module", "default"]

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    // One project for the whole workspace: each project would load Effect in workers of its own.
    include: ["test/**/*.test.ts", "{packages/*,docs,scratchpad}/test/**/*.test.ts"],
    silent: "passed-only",
    // Loading Effect anew for each file costs as much as the tests do.
    isolate: false,
    // Some read the whole workspace, which takes a busy machine a while.
    testTimeout: 60_000,
    globalSetup: [join(import.meta.dirname, "test/leftOut.ts")],
    // No test of ours reaches another machine.
    setupFiles: [join(import.meta.dirname, "packages/testing/src/NoNetworkSetup.ts")]
  }
})

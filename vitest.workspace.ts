import { globSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import { defineConfig } from "vitest/config"

const conditions = ["llm-layers-source", "node", "import", "module", "default"]

const project = (name: string, root: string) => ({
  extends: true as const,
  test: { name, root, include: ["test/**/*.test.ts"] }
})

const members = globSync(["packages/*/package.json", "{docs,scratchpad}/package.json"], { cwd: import.meta.dirname })
  .map((path) => dirname(path)).toSorted()

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    silent: "passed-only",
    // Loading Effect anew for each file costs as much as the tests do.
    isolate: false,
    // Some read the whole workspace, which takes a busy machine a while.
    testTimeout: 60_000,
    // No test of ours reaches another machine.
    setupFiles: [join(import.meta.dirname, "packages/testing/src/NoNetworkSetup.ts")],
    projects: [project("workspace", "."), ...members.map((dir) => project(basename(dir), dir))]
  }
})

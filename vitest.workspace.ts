import { defineConfig } from "vitest/config"

const conditions = ["llm-layers-source", "node", "import", "module", "default"]

const project = (name: string, dir: string) => ({
  extends: true as const,
  test: { name, root: dir, include: ["test/**/*.test.ts"] }
})

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    projects: [
      project("core", "packages/core"),
      project("openai-compatible", "packages/openai-compatible"),
      project("openai", "packages/openai"),
      project("anthropic", "packages/anthropic"),
      project("testing", "packages/testing"),
      project("scratchpad", "scratchpad"),
      project("docs", "docs")
    ]
  }
})

import { assert, it } from "@effect/vitest"
import { provider } from "../src/GoogleProvider.ts"

it("claims the names Google gives its models", () => {
  for (const name of ["gemini-3.5-flash", "models/gemini-2.5-pro", "gemma-3-27b-it", "gemini-embedding-001"]) {
    assert.isTrue(provider.claims(name), name)
  }
  for (const name of ["gpt-5.1", "claude-sonnet-5-5", "command-a-03-2025", "google/gemini-2.5-pro"]) {
    assert.isFalse(provider.claims(name), name)
  }
})

/** The list of models is made from made-up sources of each form. */
import { assert, describe, it } from "@effect/vitest"
import { execFileSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { read, write } from "../generate.ts"

/** The module that is made of files, of which `source` is the one that is read. */
const generate = async (files: Readonly<Record<string, string>>, source: string, git = false) => {
  const dir = mkdtempSync(join(tmpdir(), "catalogue-"))
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(dir, path)), { recursive: true })
      writeFileSync(join(dir, path), text)
    }
    if (git) {
      const as = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
      for (const args of [["init", "-q"], ["add", "."], [...as, "commit", "-q", "-m", "models"]]) {
        execFileSync("git", ["-C", dir, ...args])
      }
    }
    const { text } = write(await read(join(dir, source)))
    const [, json = ""] = /^export const json = `(.*)`$/ms.exec(text) ?? []
    return JSON.parse(json).models
  } finally {
    rmSync(dir, { recursive: true })
  }
}

const failure = (api: object) =>
  generate({ "api.json": JSON.stringify(api) }, "api.json").then(() => "", (thrown: unknown) => String(thrown))

const whole = `
name = "Claude 9"
reasoning = true
tool_call = true
[limit]
context = 1_000_000
input = 900_000
output = 64_000
[modalities]
input = ["text", "image"]
output = ["text"]
`

describe("the generator", () => {
  it("reads a clone: what a model does not say is in its base, less what it leaves out", async () => {
    const models = await generate(
      {
        "models/anthropic/claude-9.toml": whole,
        "providers/anthropic/models/claude-9.toml": `
base_model = "anthropic/claude-9"
base_model_omit = ["limit.input"]
structured_output = true
[cost]
input = 3
output = 15
cache_read = 0.3
cache_write = 3.75
[limit]
output = 32_000
`,
        "providers/openrouter/models/vendor/deep/name.toml": whole,
        "providers/nobody/models/other.toml": whole
      },
      ".",
      true
    )
    assert.deepStrictEqual(Object.keys(models), ["anthropic", "openrouter"])
    assert.deepStrictEqual(models.anthropic["claude-9"], {
      name: "Claude 9",
      contextTokens: 1_000_000,
      outputTokens: 32_000,
      prices: { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75, cacheWriteHour: 6 },
      input: ["text", "image"],
      output: ["text"],
      tools: true,
      reasoning: true,
      structuredOutput: true
    })
    assert.strictEqual(models.openrouter["vendor/deep/name"].inputTokens, 900_000)
  })

  const api = async (cost: object) =>
    (await generate({ "api.json": JSON.stringify({ openai: { models: { "gpt-9": { cost } } } }) }, "api.json"))
      .openai["gpt-9"].prices

  it("reads the public list, with prices by the size of the context in both of its forms", async () => {
    const long = { input: 2, output: 4 }
    const tiers = [{ ...long, tier: { type: "context", size: 272_000 } }, { ...long, tier: { type: "hour", size: 1 } }]
    assert.deepStrictEqual((await api({ input: 1, output: 2, tiers })).tiers, [{ ...long, above: 272_000 }])
    const { tiers: old } = await api({ input: 1, output: 2, context_over_200k: long })
    assert.deepStrictEqual(old, [{ ...long, above: 200_000 }])
  })

  it("knows no price of what is paid by the request, too", async () => {
    assert.isUndefined(await api({ input: 1, output: 2, request: 5 }))
  })

  it("makes nothing of a source without models, or with facts of another form", async () => {
    assert.include(await failure({ error: "busy" }), "There are no models of")
    assert.include(await failure({ openai: { models: { "gpt-9": { name: 9 } } } }), `["name"]`)
  })
})

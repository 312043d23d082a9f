import { assert, describe, it } from "@effect/vitest"
import * as LoopbackServer from "@llm-layers/testing/LoopbackServer"
import { Effect } from "effect"
import * as Binary from "./binary.ts"
import { run } from "./inside.ts"

interface Row {
  readonly provider: string
  readonly ready: boolean
  readonly names: ReadonlyArray<string>
  readonly missing?: string
  readonly state?: string
  readonly models?: number
}

const rows = (stdout: string) => new Map((JSON.parse(stdout) as ReadonlyArray<Row>).map((row) => [row.provider, row]))

describe("providers", () => {
  it.live("says under which names keys are found, and never the keys", () =>
    Effect.gen(function*() {
      const env = { GEMINI_API_KEY: "a-secret", OPENAI_API_KEY: "  ", AZURE_OPENAI_API_KEY: "a-secret" }
      const [table, json, none] = yield* Effect.all([
        Binary.run(["providers"], { env }),
        run(["providers", "--json"], { env }),
        run(["providers"])
      ], { concurrency: 2 })
      const found = rows(json.stdout)
      assert.deepInclude(found.get("google"), { ready: true, names: ["GEMINI_API_KEY"] })
      assert.deepInclude(found.get("openai"), { ready: false, names: [], missing: "set OPENAI_API_KEY" })
      assert.deepInclude(found.get("ollama"), { ready: true, names: [] })
      assert.include(found.get("azure")?.missing, "AZURE_OPENAI_ENDPOINT")
      assert.match(table.stdout, /^google +yes +GEMINI_API_KEY$/m)
      assert.notInclude(table.stdout + table.stderr + json.stdout, "a-secret")
      assert.deepStrictEqual([table.code, none.code], [0, 0])
      assert.match(none.stderr, /No key is set/)
    }))

  it.live("asks each vendor, and fails where one that is set up does not work", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make((request) =>
        request.path.startsWith("/groq")
          ? { body: JSON.stringify({ data: [{ id: "a" }, { id: "b" }] }) }
          : { status: 401, body: JSON.stringify({ error: { message: "no" } }) }
      )
      const groq = { GROQ_API_KEY: "a-secret", GROQ_BASE_URL: `${server.url}/groq/v1` }
      const nobody = "http://127.0.0.1:9999"
      const mistral = { MISTRAL_API_KEY: "a-secret", MISTRAL_BASE_URL: `${server.url}/mistral/v1` }
      const [some, all, mocked] = yield* Effect.all([
        run(["providers", "--check", "--json"], {
          env: { ...groq, ...mistral, XAI_API_KEY: "a-secret", XAI_BASE_URL: nobody }
        }),
        run(["providers", "--check"], { env: groq }),
        run(["providers", "--check", "--mock"])
      ], { concurrency: 2 })
      const found = rows(some.stdout)
      assert.deepInclude(found.get("groq"), { state: "works", models: 2 })
      assert.deepInclude(found.get("mistral"), { state: "refused" })
      assert.deepInclude(found.get("xai"), { state: "unreachable" })
      assert.match(some.stderr, /Set up, and not working: xai, mistral/)
      assert.notInclude(some.stdout + some.stderr, "a-secret")
      assert.strictEqual(some.code, 1)
      assert.match(all.stdout, /^groq +yes +works +GROQ_API_KEY GROQ_BASE_URL +2$/m)
      assert.strictEqual(all.code, 0)
      assert.match(mocked.stdout, /^mock +yes +works +nothing needed +2$/m)
    }))
})

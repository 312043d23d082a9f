import { assert, describe, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as LoopbackServer from "@llm-layers/testing/LoopbackServer"
import { Effect } from "effect"
import { inspect } from "node:util"
import * as StackSpotFile from "../src/StackSpotFile.ts"
import { client, hosts, json, plans, stub } from "./fixtures/stackspot.ts"

const policy = "eyJleHBpcmF0aW9uIjoiMjAyNi0xMC0wMSJ9"

/** Source: ai.stackspot.com/docs, Agents API, "Upload files"; the fields are those of a presigned post of S3. */
const form = (url: string) => json({ id: "up-1", url, form: { key: "a/notes.txt", policy } })

const file = { name: "notes.txt", content: "The contract: …", mediaType: "text/plain" }

describe("upload", () => {
  it.effect("asks for a form and sends the file to the storage, last and without a token", () =>
    Effect.gen(function*() {
      const storage = yield* LoopbackServer.make([{ status: 204 }])
      const server = yield* LoopbackServer.make(plans(() => form(`${storage.url}/bucket`)))
      const id = yield* Effect.provide(StackSpotFile.upload(file), client(hosts(server.url)))
      assert.strictEqual(id, "up-1")
      const asked = (yield* server.requests).at(-1)
      assert.strictEqual(asked?.path, "/v2/file-upload/form")
      assert.deepStrictEqual(JSON.parse(asked?.body ?? ""), {
        file_name: "notes.txt",
        target_type: "CONTEXT",
        expiration: 60
      })
      const [sent] = yield* storage.requests
      assert.strictEqual(sent?.path, "/bucket")
      assert.isUndefined(sent?.headers.authorization)
      assert.match(sent?.headers["content-type"] ?? "", /^multipart\/form-data; boundary=/)
      const names = [...(sent?.body ?? "").matchAll(/ name="([^"]+)"/g)].map(([, name]) => name)
      assert.deepStrictEqual(names, ["key", "policy", "file"])
      assert.include(sent?.body ?? "", "The contract: …")
    }))

  it.effect("may be for a knowledge source", () =>
    Effect.gen(function*() {
      const { fetch, ...server } = yield* stub(({ path }) =>
        path === "/bucket" ? { status: 201, body: "<PostResponse/>" } : form("http://storage.test/bucket")
      )
      const options = { knowledgeSource: "ks-1", expiration: 5 }
      yield* Effect.provide(
        StackSpotFile.upload({ ...file, content: new Uint8Array([1, 2]) }, options),
        client({ fetch })
      )
      const asked = (yield* server.requests).find(({ path }) => path === "/v2/file-upload/form")
      assert.deepStrictEqual(JSON.parse(asked?.body ?? ""), {
        file_name: "notes.txt",
        target_type: "KNOWLEDGE_SOURCE",
        target_id: "ks-1",
        expiration: 5
      })
    }))

  it.effect("fails typed: no form, no permission, a storage that refuses", () =>
    Effect.gen(function*() {
      const cases = [
        [json({ id: "up-1" }), undefined, "InvalidResponse"],
        [json({ code: "X", details: "Forbidden" }, 403), undefined, "AuthenticationFailed"],
        [form("http://storage.test/bucket"), { status: 400, body: `<Error>${policy}</Error>` }, "InvalidRequest"],
        [form("http://storage.test/bucket"), "reset", "ConnectionFailed"]
      ] as const
      for (const [answered, stored, kind] of cases) {
        const { fetch } = yield* stub(({ path }) => path === "/bucket" ? stored ?? "silence" : answered)
        const error = yield* Effect.flip(Effect.provide(StackSpotFile.upload(file), client({ fetch })))
        assert.strictEqual(ProviderError.kindOf(error), kind)
        assert.strictEqual(error.module, "StackSpotFile")
        assert.notInclude(inspect(error, { depth: 20, showHidden: true }), policy)
      }
    }))
})

import { assert, describe, it } from "@effect/vitest"
import { isBuiltin } from "node:module"
import { findPaths, type Package, packageName, parseModule, readModule, readPackages } from "../source.ts"
import { check } from "./arrows.ts"

const made = (dir: string, ...dependencies: ReadonlyArray<string>): Package => ({
  name: `@llm-layers/${dir.split("/").at(-1)}`,
  dir,
  dependencies
})

const packages = [
  made("packages/core"),
  made("packages/openai-compatible"),
  made("packages/openai"),
  made("packages/anthropic"),
  made("packages/policies"),
  made("packages/registry"),
  made("packages/testing"),
  made("packages/bench"),
  made("docs")
]

/** The complaints about one made-up file, in a workspace where it alone has imports and declares them. */
const about = (path: string, text: string): ReadonlyArray<string> => {
  const module = parseModule(path, text)
  const declared = module.imports.map((one) => packageName(one.specifier))
    .filter((name) => !name.startsWith(".") && !isBuiltin(name))
  return check(
    packages.map((one) => path.startsWith(`${one.dir}/src/`) ? { ...one, dependencies: declared } : one),
    [module]
  )
}

describe("arrows", () => {
  it("the workspace has no wrong arrow, cycle, undeclared or unused dependency", () => {
    const modules = findPaths(["packages/*/{src,test}/**/*.ts", "{docs,scratchpad}/**/*.ts"]).map(readModule)
    assert.isAbove(modules.length, 0)
    assert.deepStrictEqual(check(readPackages(), modules), [])
  })

  it.each([
    ["core → provider", "packages/core/src/A.ts", "@llm-layers/openai/OpenAiClient"],
    ["core → testing", "packages/core/src/A.ts", "@llm-layers/testing/ScriptedModel"],
    ["provider → provider", "packages/anthropic/src/A.ts", "@llm-layers/openai/OpenAiClient"],
    ["provider → a dialect it does not speak", "packages/anthropic/src/A.ts", "@llm-layers/openai-compatible/Chat"],
    ["dialect → provider", "packages/openai-compatible/src/A.ts", "@llm-layers/openai/OpenAiClient"],
    ["policies → provider", "packages/policies/src/Retry.ts", "@llm-layers/anthropic"],
    ["registry → policies", "packages/registry/src/A.ts", "@llm-layers/policies/Retry"],
    ["testing → provider", "packages/testing/src/A.ts", "@llm-layers/openai"],
    ["library → application", "packages/core/src/A.ts", "@llm-layers/bench"],
    ["application → application", "packages/bench/src/A.ts", "@llm-layers/docs"],
    ["test → another provider", "packages/openai/test/A.test.ts", "@llm-layers/anthropic/AnthropicClient"],
    ["policy → policy", "packages/policies/src/Retry.ts", "./Timeout.ts"],
    ["policy → the composition of policies", "packages/policies/src/Retry.ts", "./Recommended.ts"],
    ["internal of another package", "packages/openai/src/A.ts", "@llm-layers/core/internal/json"],
    ["internal of another package, from docs", "docs/test/A.ts", "@llm-layers/core/internal/json"],
    ["into another package by path", "packages/openai/src/A.ts", "../../core/src/Driver.ts"],
    ["source → test", "packages/core/src/A.ts", "../test/fixtures.ts"],
    ["itself by name", "packages/core/src/A.ts", "@llm-layers/core/Driver"]
  ])("refuses %s", (_, path, specifier) => {
    const forms = [
      `import * as X from "${specifier}"`,
      `import type { X } from "${specifier}"`,
      `export * from "${specifier}"`,
      `export type { X } from "${specifier}"`,
      `export const x = () => import("${specifier}")`,
      `export type X = import("${specifier}").X`
    ]
    for (const form of forms) {
      const [complaint, ...more] = about(path, `\n${form}\n`)
      assert.deepStrictEqual(more, [], form)
      assert.isTrue(complaint?.startsWith(`${path}:2: `), `${form}: ${complaint}`)
    }
  })

  it.each([
    ["packages/openai/src/A.ts", "@llm-layers/openai-compatible/Chat"],
    ["packages/openai/src/A.ts", "@llm-layers/core/Driver"],
    ["packages/openai/src/index.ts", "./internal/prompt.ts"],
    ["packages/openai/src/A.ts", "node:buffer"],
    ["packages/openai/src/A.ts", "effect/Effect"],
    ["packages/policies/src/Retry.ts", "./internal/delay.ts"],
    ["packages/policies/src/index.ts", "./Retry.ts"],
    ["packages/policies/src/Recommended.ts", "./Retry.ts"],
    ["packages/policies/src/RateLimit.ts", "./RateLimitStore.ts"],
    ["packages/core/test/A.test.ts", "@llm-layers/testing/ScriptedModel"],
    ["packages/core/test/A.test.ts", "../src/internal/json.ts"],
    ["packages/bench/src/A.ts", "@llm-layers/anthropic"],
    ["docs/test/A.ts", "@llm-layers/testing/ScriptedModel"]
  ])("allows %s → %s", (path, specifier) => {
    assert.deepStrictEqual(about(path, `import "${specifier}"`), [])
  })

  it("refuses a dependency that is not declared, and one that is not used", () => {
    const modules = [parseModule("packages/core/src/A.ts", `import { Sse } from "effect/encoding"\nimport "openai/x"`)]
    assert.deepStrictEqual(check([made("packages/core", "effect", "ws")], modules), [
      `packages/core/src/A.ts:2: openai is not a declared dependency ("openai/x")`,
      "packages/core/package.json: ws is declared and imported nowhere"
    ])
  })

  it("of a command, what is bundled is declared as such, and what that imports from npm as its own", () => {
    const modules = [
      parseModule("packages/openai/src/A.ts", `import "openai/x"`),
      parseModule("packages/cli/src/main.ts", `import "@llm-layers/openai/A"\nimport "@llm-layers/core/B"`)
    ]
    const command = (bundled: ReadonlyArray<string>, ...dependencies: ReadonlyArray<string>) =>
      check([made("packages/openai", "openai"), { ...made("packages/cli", ...dependencies), bundled }], modules)
    const both = ["@llm-layers/openai", "@llm-layers/core"]
    assert.deepStrictEqual(command(both, "openai"), [])
    assert.deepStrictEqual(command([...both, "@llm-layers/cohere"], "@llm-layers/core"), [
      "packages/cli/package.json: @llm-layers/cohere is declared and imported nowhere",
      "packages/cli/package.json: openai is imported by what is bundled, and not declared"
    ])
    assert.deepStrictEqual(command(["@llm-layers/openai"], "@llm-layers/core", "openai"), [
      `packages/cli/src/main.ts:2: @llm-layers/core is not declared among what is bundled ("@llm-layers/core/B")`
    ])
  })

  it("refuses a cycle, across type imports and package names", () => {
    const modules = [
      parseModule("packages/core/src/A.ts", `import { b } from "./internal/b.ts"`),
      parseModule("packages/core/src/internal/b.ts", `import type { C } from "../C.ts"`),
      parseModule("packages/core/src/C.ts", `export * from "./A.ts"`),
      parseModule("packages/core/src/D.ts", `export * from "./A.ts"`)
    ]
    assert.deepStrictEqual(check([made("packages/core")], modules), [
      "cycle: packages/core/src/A.ts → packages/core/src/internal/b.ts → packages/core/src/C.ts → packages/core/src/A.ts"
    ])
    assert.include(
      check([made("packages/core", "@llm-layers/openai"), made("packages/openai", "@llm-layers/core")], [
        parseModule("packages/core/src/index.ts", `import "@llm-layers/openai/A"`),
        parseModule("packages/openai/src/A.ts", `import "@llm-layers/core"`)
      ]),
      "cycle: packages/core/src/index.ts → packages/openai/src/A.ts → packages/core/src/index.ts"
    )
  })

  it("a file that does not parse is an error, not an empty list", () => {
    assert.throws(() => parseModule("packages/core/src/A.ts", "import {"), /packages\/core\/src\/A\.ts/)
  })
})

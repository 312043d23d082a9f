import { assert, it } from "@effect/vitest"
import { execFileSync } from "node:child_process"

/** Imports a module in a Node of its own and gives the packages that were loaded for it. */
const loadedBy = (specifier: string): ReadonlyArray<string> => {
  const script = `
    import { registerHooks } from "node:module"
    const loaded = new Set()
    registerHooks({ resolve: (specifier, context, next) => (loaded.add(specifier), next(specifier, context)) })
    await import(${JSON.stringify(specifier)})
    console.log(JSON.stringify([...loaded]))`
  const options = ["--conditions=llm-layers-source", "--input-type=module", "--eval", script]
  return JSON.parse(execFileSync(process.execPath, options, { encoding: "utf8", cwd: import.meta.dirname }))
}

it("the barrel does without Vitest, which is an optional peer", () => {
  assert.notInclude(loadedBy("@llm-layers/testing"), "vitest")
  assert.include(loadedBy("@llm-layers/testing/Conformance"), "vitest")
}, 30_000)

import { assert, describe, it } from "@effect/vitest"
import { findPaths, readPackages, readText } from "./source.ts"

const packages = readPackages()

/** Those that are built are published. */
const libraries = packages.filter(({ dir }) => findPaths([`${dir}/tsconfig.json`, `${dir}/src/index.ts`]).length === 2)

const commands = packages.filter(({ bundled }) => bundled !== undefined)

describe("what is published", () => {
  it.each([...libraries, ...commands])(
    "$name carries the licence and says how it is installed",
    ({ bundled, dir, name }) => {
      // npm puts both into the tarball, whatever `files` says, where they lie beside the manifest.
      assert.strictEqual(readText(`${dir}/LICENSE`), readText("LICENSE"))
      const readme = readText(`${dir}/README.md`)
      assert.isTrue(readme.startsWith(`# ${name}\n`))
      assert.match(readme, new RegExp(`^npm install .*${name}$`, "m"))
      assert.include(readme, bundled === undefined ? "```ts\n" : "```sh\n")
    }
  )

  it("is the eleven libraries and the command", () => {
    assert.lengthOf(libraries, 11)
    assert.deepStrictEqual(commands.map(({ name }) => name), ["@llm-layers/cli"])
  })
})

import { assert, describe, it } from "@effect/vitest"
import { findPaths, readPackages, readText } from "./source.ts"

/** Those that are built are published. */
const published = readPackages().filter(({ dir }) =>
  findPaths([`${dir}/tsconfig.json`, `${dir}/src/index.ts`]).length === 2
)

describe("what is published", () => {
  it.each(published)("$name carries the licence and says how it is installed", ({ dir, name }) => {
    // npm puts both into the tarball, whatever `files` says, where they lie beside the manifest.
    assert.strictEqual(readText(`${dir}/LICENSE`), readText("LICENSE"))
    const readme = readText(`${dir}/README.md`)
    assert.isTrue(readme.startsWith(`# ${name}\n`))
    assert.match(readme, new RegExp(`^npm install .*${name}$`, "m"))
    assert.include(readme, "```ts\n")
  })

  it("is the eleven libraries", () => assert.lengthOf(published, 11))
})

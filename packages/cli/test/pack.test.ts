import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { execFileSync } from "node:child_process"
import { mkdirSync, symlinkSync } from "node:fs"
import { join } from "node:path"
import { readPackages, root } from "../../../test/source.ts"
import { bundled, place } from "./binary.ts"

const npm = (...args: ReadonlyArray<string>) =>
  execFileSync("npm", [...args, "--silent"], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] })

describe("the tarball", () => {
  it.live("runs where nothing of ours is installed, but what it declares", () =>
    Effect.gen(function*() {
      const empty = yield* place()
      const [packed] = JSON.parse(npm("pack", bundled("published"), "--json", "--pack-destination", empty))
      const modules = join(empty, "node_modules")
      const own = join(modules, "@llm-layers", "cli")
      mkdirSync(own, { recursive: true })
      execFileSync("tar", ["-xzf", join(empty, packed.filename), "-C", own, "--strip-components=1"])
      // What npm would install: the dependencies alone, and none of our packages.
      const { dependencies } = readPackages().find(({ name }) => name === "@llm-layers/cli") ?? { dependencies: [] }
      assert.deepStrictEqual(dependencies.filter((name) => name.startsWith("@llm-layers/")), [])
      for (const name of dependencies) {
        mkdirSync(join(modules, name, ".."), { recursive: true })
        symlinkSync(join(root, "node_modules", name), join(modules, name))
      }
      const bin = join(own, "dist", "bin.js")
      assert.strictEqual(execFileSync(bin, ["--mock", "hello"], { cwd: empty, encoding: "utf8" }), "You said: hello\n")
      const files = packed.files.map(({ path }: { readonly path: string }) => path)
      assert.includeMembers(files, ["LICENSE", "README.md", "package.json", "dist/bin.js"])
    }))
})

/**
 * Bundles the sources of the packages into `dist`. Each file that a program loads costs it more than the code
 * in it, and the sources are many and small.
 *
 * A public module stays a file of its own, so that who imports one provider loads no other. `core`, of which every
 * provider needs most, is one file, which the others import whole.
 */
import { globSync, rmSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import { type CodeSplittingNameFunction, type OutputOptions, type Plugin, rolldown } from "rolldown"

const root = import.meta.dirname

/** `import * as Usage from "@llm-layers/core/Usage"` as an import of the one file. */
const wholeCore: Plugin = {
  name: "whole-core",
  transform: (code) => ({
    code: code.replaceAll(
      /^import \* as (\w+) from "(@llm-layers\/core)\/(\w+)"$/gm,
      "import { $3 as $1 } from \"$2\""
    ),
    // Lines stay where they are.
    map: null
  })
}

/** A barrel names the modules beside it; bundled, it would draw them all into files they share. */
const besideIt: Plugin = {
  name: "beside-it",
  resolveId: (id, importer) => importer === undefined ? null : { id: id.replace(/\.ts$/, ".js"), external: true }
}

/** What is imported when it is needed must not come with the rest. */
const unlessLater: CodeSplittingNameFunction = (id, context) =>
  context.getModuleInfo(id)?.dynamicImporters.length === 0 ? "core" : null

const write = async (
  dir: string,
  modules: ReadonlyArray<string>,
  plugin: Plugin | undefined,
  output: OutputOptions = {}
): Promise<void> => {
  const build = await rolldown({
    input: Object.fromEntries(modules.map((name) => [name, join(dir, "src", `${name}.ts`)])),
    external: /^[^./]/,
    platform: "node",
    plugins: plugin
  })
  await build.write({
    dir: join(dir, "dist"),
    entryFileNames: "[name].js",
    chunkFileNames: "internal/[name].js",
    sourcemap: true,
    ...output
  })
  await build.close()
}

for (const path of globSync("packages/*/tsconfig.json", { cwd: root })) {
  const dir = join(root, dirname(path))
  for (const built of globSync("dist/**/*.js{,.map}", { cwd: dir })) rmSync(join(dir, built))
  const modules = globSync("src/*.ts", { cwd: dir }).map((file) => basename(file, ".ts"))
  if (basename(dir) === "core") {
    await write(dir, modules, undefined, { codeSplitting: { groups: [{ name: unlessLater, debugName: "core" }] } })
  } else {
    await write(dir, modules.filter((name) => name !== "index"), wholeCore)
    await write(dir, ["index"], besideIt)
  }
}

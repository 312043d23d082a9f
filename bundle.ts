/**
 * Bundles the sources of the packages into `dist`. Each file that a program loads costs it more than the code
 * in it, and the sources are many and small.
 *
 * A public module stays a file of its own, so that who imports one provider loads no other. What every provider needs of
 * `core` is one file, which the others import whole.
 */
import { globSync, rmSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import { type CodeSplittingNameFunction, type OutputOptions, type Plugin, rolldown } from "rolldown"
import { bundleCommand, manifestOf } from "./bundle-command.ts"

const root = import.meta.dirname

/** Modules of `core` that few need and that are large or bring much of Effect with them. They stay files of their own. */
const apart = new Set(["Embedding", "Pricing", "PromptTrim", "RerankModel", "TokenEstimate"])

/** What the built packages import in place of the modules of `core` that are one file. Nobody else needs it. */
const shared = "shared"

/** `import * as Usage from "@llm-layers/core/Usage"` as an import of the one file. */
const wholeCore: Plugin = {
  name: "whole-core",
  transform: (code) => ({
    code: code.replaceAll(
      /^import \* as (\w+) from "(@llm-layers\/core)\/(\w+)"$/gm,
      (line, name, core, module) =>
        apart.has(module) ? line : `import { ${module} as ${name} } from "${core}/${shared}"`
    ),
    // Lines stay where they are.
    map: null
  })
}

/** The module that names all modules of `core` that are one file. */
const sharedCore = (dir: string, modules: ReadonlyArray<string>): Plugin => ({
  name: "shared-core",
  resolveId: (id) => id === shared ? join(dir, "src", `${shared}.ts`) : null,
  load: (id) =>
    basename(id) === `${shared}.ts`
      ? modules.filter((name) => name !== "index" && !apart.has(name))
        .map((name) => `export * as ${name} from "./${name}.ts"`).join("\n")
      : null
})

/** A barrel names the modules beside it; bundled, it would draw them all into files they share. */
const besideIt: Plugin = {
  name: "beside-it",
  resolveId: (id, importer) => importer === undefined ? null : { id: id.replace(/\.ts$/, ".js"), external: true }
}

/** What is imported when it is needed must not come with the rest. */
const oneFile: CodeSplittingNameFunction = (id, context) =>
  apart.has(basename(id, ".ts")) || context.getModuleInfo(id)?.dynamicImporters.length !== 0 ? null : "core"

const write = async (
  dir: string,
  modules: ReadonlyArray<string>,
  plugin: Plugin | undefined,
  output: OutputOptions = {}
): Promise<void> => {
  const build = await rolldown({
    input: Object.fromEntries(modules.map((name) => [name, name === shared ? shared : join(dir, "src", `${name}.ts`)])),
    external: /^[^./]/,
    platform: "node",
    plugins: plugin
  })
  await build.write({
    dir: join(dir, "dist"),
    entryFileNames: "[name].js",
    chunkFileNames: "internal/[name].js",
    sourcemap: true,
    // They are in the declarations and in the sources, to which the maps lead; here a program would read them at start.
    comments: { annotation: true, jsdoc: false, legal: true },
    ...output
  })
  await build.close()
}

for (const path of globSync("packages/*/package.json", { cwd: root })) {
  const { bin } = manifestOf(join(root, dirname(path)))
  if (bin !== undefined) await bundleCommand(join(root, dirname(path)))
}

for (const path of globSync("packages/*/tsconfig.json", { cwd: root })) {
  const dir = join(root, dirname(path))
  for (const built of globSync("dist/**/*.js{,.map}", { cwd: dir })) rmSync(join(dir, built))
  const modules = globSync("src/*.ts", { cwd: dir }).map((file) => basename(file, ".ts"))
  const inside = modules.filter((name) => name !== "index")
  if (basename(dir) === "core") {
    await write(dir, [...inside, shared], sharedCore(dir, modules), {
      codeSplitting: { groups: [{ name: oneFile, debugName: "core" }] }
    })
  } else {
    await write(dir, inside, wholeCore)
  }
  await write(dir, ["index"], besideIt)
}

/**
 * Run after a build, without the source condition: what a user's Node sees of each published package. Every public
 * module imports from `dist`, exports what its source does and has its declarations; nothing of `internal/` can be imported.
 * A command runs, and imports nothing but what is installed with it.
 */
import { deepStrictEqual, strictEqual } from "node:assert/strict"
import { execFileSync } from "node:child_process"
import { existsSync, globSync } from "node:fs"
import { isBuiltin } from "node:module"
import { basename, dirname } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { findPaths, packageName, readModule, readPackages, root } from "./source.ts"

const built = new Set(findPaths(["packages/*/tsconfig.json"]).map((path) => dirname(path)))

for (const { dir, name } of readPackages().filter((one) => built.has(one.dir))) {
  const modules = findPaths([`${dir}/src/*.ts`]).map((path) => basename(path, ".ts"))
  for (const module of modules) {
    const specifier = module === "index" ? name : `${name}/${module}`
    const exported = Object.keys(await import(specifier))
    deepStrictEqual(
      exported,
      Object.keys(await import(pathToFileURL(`${root}${dir}/src/${module}.ts`).href)),
      specifier
    )
    const url = import.meta.resolve(specifier)
    strictEqual(url, new URL(`${dir}/dist/${module}.js`, pathToFileURL(root)).href)
    strictEqual(existsSync(fileURLToPath(url).replace(/\.js$/, ".d.ts")), true, `${specifier} has no declarations`)
  }
  for (const path of [`${dir}/src/internal/any.ts`, ...findPaths([`${dir}/src/internal/**/*.ts`])]) {
    const specifier = `${name}/${path.slice(`${dir}/src/`.length, -".ts".length)}`
    const outcome = await import(specifier).then(() => "imported", (error: NodeJS.ErrnoException) => error.code)
    strictEqual(outcome, "ERR_PACKAGE_PATH_NOT_EXPORTED", `${specifier} is not closed`)
  }
  console.log(`${name}: ${modules.length} modules`)
}

for (const { bundled, dependencies, dir, name } of readPackages()) {
  if (bundled === undefined) continue
  const files = globSync(`${dir}/dist/*.js`, { cwd: root })
  for (const file of files) {
    for (const { specifier } of readModule(file).imports) {
      const declared = specifier.startsWith("./") || isBuiltin(specifier) ||
        dependencies.includes(packageName(specifier))
      strictEqual(declared, true, `${file} imports ${specifier}, which is not installed with it`)
    }
  }
  const answer = execFileSync(process.execPath, [`${root}${dir}/dist/bin.js`, "--mock", "hello"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"]
  })
  strictEqual(answer, "You said: hello\n")
  console.log(`${name}: ${files.length} files`)
}

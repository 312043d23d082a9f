/**
 * Bundles a package with a `bin`. It is one program with our own packages in it: it runs from its tarball alone, and loads
 * few files. What comes from npm stays outside, and is declared.
 *
 * `node bundle-command.ts PACKAGE OUT` writes elsewhere, for tests; with `whole` after it Effect is inside as well, of which
 * the many small files cost most of a start.
 */
import { chmodSync, readFileSync, rmSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import { argv } from "node:process"
import { rolldown } from "rolldown"

interface Manifest {
  readonly bin?: { readonly [name: string]: string }
}

export const manifestOf = (dir: string): Manifest => JSON.parse(readFileSync(join(dir, "package.json"), "utf8"))

/** Writes what `bin` names: `dist/NAME.js` from `src/NAME.ts`. */
export const bundleCommand = async (dir: string, out: string = dir, whole = false): Promise<void> => {
  const files = Object.values(manifestOf(dir).bin ?? {})
  const names = files.map((file) => basename(file, ".js"))
  rmSync(join(out, "dist"), { recursive: true, force: true })
  const build = await rolldown({
    input: Object.fromEntries(names.map((name) => [name, join(dir, "src", `${name}.ts`)])),
    external: (id) => /^[^./]/.test(id) && !id.startsWith("@llm-layers/") && !(whole && /^@?effect\//.test(id)),
    platform: "node",
    resolve: { conditionNames: ["llm-layers-source", "node", "import"] }
  })
  await build.write({
    dir: join(out, "dist"),
    entryFileNames: "[name].js",
    // Beside the entry: from there, too, the manifest is one folder up.
    chunkFileNames: "[name]-[hash].js",
    comments: { annotation: true, jsdoc: false, legal: true }
  })
  await build.close()
  for (const file of files) chmodSync(join(out, dirname(file), basename(file)), 0o755)
}

const [, script = "", dir, out, mode] = argv
if (basename(script) === "bundle-command.ts" && dir !== undefined) await bundleCommand(dir, out, mode === "whole")

/** Reads the workspace for the checks: packages, their manifests, their parsed modules. */
import { globSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseSync } from "rolldown/utils"

export const root = fileURLToPath(new URL("..", import.meta.url))

export interface Import {
  readonly specifier: string
  readonly line: number
}

/** A module by its path from the root of the workspace, with `/` on every platform. */
export interface Module {
  readonly path: string
  readonly imports: ReadonlyArray<Import>
}

export interface Package {
  readonly name: string
  readonly dir: string
  readonly dependencies: ReadonlyArray<string>
  /** Of a command, our own packages that its bundle has in it. They are on no registry when it is installed. */
  readonly bundled?: ReadonlyArray<string> | undefined
}

export const readPackages = (): ReadonlyArray<Package> =>
  findPaths(["packages/*/package.json", "{docs,scratchpad}/package.json"]).map((path) => {
    const manifest: {
      readonly name: string
      readonly dependencies?: Record<string, string>
      readonly peerDependencies?: Record<string, string>
      readonly devDependencies?: Record<string, string>
      readonly bin?: Record<string, string>
    } = JSON.parse(readText(path))
    return {
      name: manifest.name,
      dir: dirname(path),
      dependencies: Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }),
      bundled: manifest.bin &&
        Object.keys(manifest.devDependencies ?? {}).filter((one) => one.startsWith("@llm-layers/"))
    }
  })

/** Paths from the root, sorted; installed, built and temporary files are left out. */
export const findPaths = (patterns: ReadonlyArray<string>): ReadonlyArray<string> =>
  globSync([...patterns], { cwd: root, exclude: ["**/node_modules/**", "**/dist/**", "**/.tmp/**"] })
    .map(slashed).toSorted()

export const readText = (path: string): string => readFileSync(join(root, path), "utf8")

export const readModule = (path: string): Module => parseModule(path, readText(path))

export const parse = (path: string, text: string) => {
  const parsed = parseSync(path, text)
  const [error] = parsed.errors
  if (error !== undefined) throw new Error(`${path}: ${error.message}`)
  return parsed
}

const importing = new Set([
  "ImportDeclaration",
  "ExportNamedDeclaration",
  "ExportAllDeclaration",
  "ImportExpression",
  "TSImportType"
])

/** Every specifier, those of `import type`, `export … from`, `import()` and `import("…").Type` included. */
export const parseModule = (path: string, text: string): Module => {
  const imports: Array<Import> = []
  const visit = (node: Node): void => {
    const source = importing.has(node.type) ? field(node, "source") : undefined
    const specifier = isNode(source) ? field(source, "value") : undefined
    if (typeof specifier === "string") imports.push({ specifier, line: lineAt(text, node.start) })
    for (const child of children(node)) visit(child)
  }
  visit(parse(path, text).program)
  return { path, imports }
}

/** What any node of the syntax tree has. */
export interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
}

export const children = (node: Node): ReadonlyArray<Node> => Object.values(node).flat().filter(isNode)

export const field = (node: Node, key: string): unknown => Reflect.get(node, key)

export const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && "type" in value && "start" in value

/** `effect` of `effect/ai/Prompt`, `@scope/name` of `@scope/name/Module`. */
export const packageName = (specifier: string): string =>
  specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/")

export const lineAt = (text: string, offset: number): number => text.slice(0, offset).split("\n").length

const slashed = (path: string): string => path.replaceAll("\\", "/")

/**
 * Which module may import which. A pure function from packages and modules to the list of what is wrong.
 *
 * provider → openai-compatible (openai and openrouter alone) → core → effect; policies, registry and testing → core;
 * applications → all. A package that is not named here is held to be a provider. A command is published as one bundle with
 * our packages in it, so that it declares them where it is built (`devDependencies`), and what they import from npm itself.
 */
import { isBuiltin } from "node:module"
import { posix } from "node:path"
import { type Import, type Module, type Package, packageName } from "../source.ts"

const scope = "@llm-layers/"

const providersOnTheDialect = new Set(["openai", "openrouter"])

/** These may import every package; none may import them. */
const applications = new Set(["bench", "cli", "docs", "scratchpad"])

const mayImport = (from: string, to: string): boolean => {
  if (applications.has(to)) return false
  if (applications.has(from)) return true
  if (from === "core") return false
  return to === "core" || (to === "openai-compatible" && providersOnTheDialect.has(from))
}

export const check = (
  packages: ReadonlyArray<Package>,
  modules: ReadonlyArray<Module>
): ReadonlyArray<string> => [
  ...modules.flatMap((module) => wrongImports(packages, module)),
  ...packages.flatMap((one) => wrongDependencies(packages, one, modules)),
  ...cycles(packages, modules)
]

const wrongImports = (packages: ReadonlyArray<Package>, module: Module): ReadonlyArray<string> => {
  const own = packages.find((one) => isInside(one.dir, module.path))
  if (own === undefined) return [`${module.path}: belongs to no package`]
  return module.imports.flatMap((one) => {
    const reason = isRelative(one.specifier)
      ? wrongRelative(own, module, one)
      : wrongBare(own, module, one)
    return reason === undefined ? [] : [`${module.path}:${one.line}: ${reason} ("${one.specifier}")`]
  })
}

const wrongRelative = (own: Package, module: Module, { specifier }: Import): string | undefined => {
  const target = resolveRelative(module, specifier)
  if (!isInside(own.dir, target)) {
    // Tests of the workspace itself lie beside the packages and may be shared with the applications' own tests.
    return applications.has(shortName(own)) && isInside("test", target)
      ? undefined
      : "a relative import leaves its package"
  }
  if (isSource(own, module) && !isInside(`${own.dir}/src`, target)) return "a source imports what is not published"
  return isPolicy(module.path) && module.path !== compositionOfPolicies && isPolicy(target)
    ? "a policy imports another policy"
    : undefined
}

/** What a policy keeps its state in is none. */
const isPolicy = (path: string): boolean => /^packages\/policies\/src\/(?!index\.ts$|\w+Store\.ts$)[^/]+$/.test(path)

/** It is no policy of its own, and nothing else: one composition of the others, with the reasons for its order. */
const compositionOfPolicies = "packages/policies/src/Recommended.ts"

const wrongBare = (own: Package, module: Module, { specifier }: Import): string | undefined => {
  const name = packageName(specifier)
  if (name.startsWith(scope)) {
    const [from, to] = [shortName(own), name.slice(scope.length)]
    if (from === to && isSource(own, module)) return "a package imports itself by name"
    if (specifier.startsWith(`${name}/internal/`)) return "another package's internal module"
    if (from !== to && !mayImport(from, to) && !(to === "testing" && isTest(own, module))) return `${from} → ${to}`
  }
  if (!isSource(own, module) || isBuiltin(specifier)) return undefined
  // What is bundled must not be installed with the bundle: it is needed where the bundle is made.
  if (own.bundled !== undefined && name.startsWith(scope)) {
    return own.bundled.includes(name) ? undefined : `${name} is not declared among what is bundled`
  }
  return own.dependencies.includes(name) ? undefined : `${name} is not a declared dependency`
}

/**
 * Of published packages and the bench; `docs` uses its dependencies in Markdown, `scratchpad` in throw-away probes.
 *
 * A bundle imports what the packages in it import, so that a command declares that as well.
 */
const wrongDependencies = (
  packages: ReadonlyArray<Package>,
  own: Package,
  modules: ReadonlyArray<Module>
): ReadonlyArray<string> => {
  if (!isInside("packages", own.dir)) return []
  const bundled = packages.filter(({ name }) => own.bundled?.includes(name))
  const needed = new Set(bundled.flatMap(({ dependencies }) => dependencies).filter((name) => !name.startsWith(scope)))
  const used = new Set(
    modules.filter((module) => isSource(own, module))
      .flatMap((module) => module.imports.map((one) => packageName(one.specifier)))
  )
  const unused = (name: string): boolean => !used.has(name) && !needed.has(name)
  return [
    ...[...own.dependencies, ...own.bundled ?? []].filter(unused)
      .map((name) => `${own.dir}/package.json: ${name} is declared and imported nowhere`),
    ...[...needed].filter((name) => own.bundled !== undefined && !own.dependencies.includes(name))
      .map((name) => `${own.dir}/package.json: ${name} is imported by what is bundled, and not declared`)
  ]
}

/** One line for each import that closes a circle, found on a depth-first walk. */
const cycles = (packages: ReadonlyArray<Package>, modules: ReadonlyArray<Module>): ReadonlyArray<string> => {
  const byPath = new Map(modules.map((module) => [module.path, module]))
  const done = new Set<string>()
  const found: Array<string> = []
  const visit = (module: Module, trail: ReadonlyArray<string>): void => {
    const start = trail.indexOf(module.path)
    if (start !== -1) found.push(`cycle: ${[...trail.slice(start), module.path].join(" → ")}`)
    if (start !== -1 || done.has(module.path)) return
    for (const { specifier } of module.imports) {
      const target = byPath.get(resolve(packages, module, specifier) ?? "")
      if (target !== undefined) visit(target, [...trail, module.path])
    }
    done.add(module.path)
  }
  for (const module of modules) visit(module, [])
  return found
}

const resolve = (packages: ReadonlyArray<Package>, module: Module, specifier: string): string | undefined => {
  if (isRelative(specifier)) return resolveRelative(module, specifier)
  const target = packages.find((one) => one.name === packageName(specifier))
  return target && `${target.dir}/src/${specifier.slice(target.name.length + 1) || "index"}.ts`
}

const resolveRelative = (module: Module, specifier: string): string => posix.join(posix.dirname(module.path), specifier)

const shortName = (own: Package): string => own.name.slice(scope.length)
const isRelative = (specifier: string): boolean => specifier.startsWith(".")
const isInside = (dir: string, path: string): boolean => path.startsWith(`${dir}/`)
const isSource = (own: Package, module: Module): boolean => isInside(`${own.dir}/src`, module.path)
const isTest = (own: Package, module: Module): boolean => isInside(`${own.dir}/test`, module.path)

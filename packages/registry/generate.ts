/**
 * Writes the list of models that comes with the package, from models.dev (MIT licence): `npm run catalogue -- SOURCE`,
 * where SOURCE is a clone of its repository, a JSON file, or the public address `https://models.dev/api.json`.
 */
import { execFileSync } from "node:child_process"
import { globSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join, relative, sep } from "node:path"
import { parse as parseToml } from "smol-toml"

const target = join(import.meta.dirname, "src/generated/models.ts")

/** Providers that have another name here. */
const renamed: { readonly [name: string]: string | undefined } = { togetherai: "together", "fireworks-ai": "fireworks" }

/** Providers of which the list is taken; models.dev has a hundred more. */
const wanted = new Set([
  "anthropic",
  "azure",
  "cerebras",
  "cohere",
  "deepseek",
  "fireworks-ai",
  "google",
  "groq",
  "mistral",
  "moonshotai",
  "openai",
  "openrouter",
  "perplexity",
  "togetherai",
  "xai"
])

type Json = { readonly [key: string]: unknown }

interface Source {
  readonly commit: string
  readonly date: string
  readonly providers: { readonly [provider: string]: { readonly [model: string]: Json } }
}

const record = (value: unknown): Json =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? value as Json : {}

const models = (value: unknown): { readonly [model: string]: Json } =>
  Object.fromEntries(Object.entries(record(value)).map(([id, facts]) => [id, record(facts)]))

const today = (): string => new Date().toISOString().slice(0, 10)

/** `providers/NAME/models/ID.toml`, in which an id may have folders. */
const fromClone = (dir: string): Source => {
  const git = (...args: ReadonlyArray<string>) => execFileSync("git", ["-C", dir, ...args], { encoding: "utf8" }).trim()
  const providers: { [provider: string]: { [model: string]: Json } } = {}
  for (const path of globSync("providers/*/models/**/*.toml", { cwd: dir })) {
    const [, provider = "", , ...rest] = path.split(sep)
    const of = providers[provider] ??= {}
    of[rest.join("/").replace(/\.toml$/, "")] = record(parseToml(readFileSync(join(dir, path), "utf8")))
  }
  return { commit: git("rev-parse", "HEAD"), date: git("log", "-1", "--format=%cs"), providers }
}

/** A file with `commit`, `date` and `providers`, or the public list, which has a record of models a provider. */
const fromJson = (text: string): Source => {
  const json = record(JSON.parse(text))
  if (typeof json["commit"] === "string" && typeof json["date"] === "string") {
    const providers = Object.entries(record(json["providers"])).map(([name, of]) => [name, models(of)])
    return { commit: json["commit"], date: json["date"], providers: Object.fromEntries(providers) }
  }
  const providers = Object.entries(json).map(([name, of]) => [name, models(record(of)["models"])])
  return { commit: "unknown", date: today(), providers: Object.fromEntries(providers) }
}

const read = async (source: string): Promise<Source> => {
  if (/^https?:/.test(source)) return fromJson(await (await fetch(source)).text())
  return statSync(source).isDirectory() ? fromClone(source) : fromJson(readFileSync(source, "utf8"))
}

const count = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : undefined

const price = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : undefined

const rates = (cost: Json): Json => ({
  input: price(cost["input"]),
  output: price(cost["output"]),
  cacheRead: price(cost["cache_read"]) ?? price(cost["cached_input"]),
  cacheWrite: price(cost["cache_write"]),
  reasoning: price(cost["reasoning"])
})

const prices = (cost: Json): Json => {
  const tiers = (Array.isArray(cost["tiers"]) ? cost["tiers"] : []).flatMap((tier: unknown) => {
    const above = count(record(record(tier)["tier"])["size"])
    return above === undefined ? [] : [{ ...rates(record(tier)), above }]
  })
  return { ...rates(cost), tiers: tiers.length === 0 ? undefined : tiers }
}

const facts = (model: Json): Json => {
  const limit = record(model["limit"])
  const modalities = record(model["modalities"])
  return {
    name: model["name"],
    contextTokens: count(limit["context"]),
    inputTokens: count(limit["input"]),
    outputTokens: count(limit["output"]),
    prices: model["cost"] === undefined ? undefined : prices(record(model["cost"])),
    input: modalities["input"],
    output: modalities["output"],
    tools: model["tool_call"],
    reasoning: model["reasoning"],
    structuredOutput: model["structured_output"],
    temperature: model["temperature"],
    openWeights: model["open_weights"],
    released: model["release_date"],
    knowledge: model["knowledge"],
    status: model["status"]
  }
}

/** One line a model, so that a change of one is one line. */
const lines = ({ providers, ...origin }: Source): string => {
  const of = Object.entries(providers).filter(([name]) => wanted.has(name)).toSorted(([a], [b]) => a < b ? -1 : 1)
  const written = of.map(([name, models]) => {
    const inside = Object.entries(models).toSorted(([a], [b]) => a < b ? -1 : 1)
      .map(([id, model]) => `${JSON.stringify(id)}:${JSON.stringify(facts(model))}`)
    return `${JSON.stringify(renamed[name] ?? name)}:{\n${inside.join(",\n")}\n}`
  })
  const head = JSON.stringify(origin).slice(1, -1)
  return `{${head},"models":{\n${written.join(",\n")}\n}}`
}

const header = ({ commit, date }: Source): string =>
  `/**
 * Written by \`npm run catalogue\`, from models.dev as of ${date}, commit ${commit}.
 *
 * Copyright (c) 2025 models.dev, MIT licence; see NOTICE.
 */
`

const [source] = process.argv.slice(2)
if (source === undefined) {
  console.error("Say where models.dev is: a clone, a JSON file, or https://models.dev/api.json")
  process.exitCode = 2
} else {
  const list = await read(source)
  const escaped = lines({ commit: list.commit, date: list.date, providers: list.providers })
    .replaceAll("\\", "\\\\").replaceAll("`", "\\`").replaceAll("${", "\\${")
  writeFileSync(target, `${header(list)}export const json = \`${escaped}\`\n`)
  console.log(
    `${Object.values(list.providers).reduce((sum, of) => sum + Object.keys(of).length, 0)} models read, ${
      relative(process.cwd(), target)
    } written`
  )
}

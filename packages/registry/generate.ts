/**
 * Writes the list of models that comes with the package, from models.dev (MIT licence): `npm run catalogue -- SOURCE`,
 * where SOURCE is a clone of its repository, a JSON file, or the public address `https://models.dev/api.json`.
 */
import { execFileSync } from "node:child_process"
import { globSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join, relative, sep } from "node:path"
import { parse as parseToml } from "smol-toml"
import { decode } from "./src/internal/catalogue/list.ts"

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

/** What was read. */
export interface Source {
  readonly commit: string
  readonly date: string
  readonly providers: { readonly [provider: string]: { readonly [model: string]: Json } }
}

const record = (value: unknown): Json => isRecord(value) ? value : {}

const models = (value: unknown): { readonly [model: string]: Json } =>
  Object.fromEntries(Object.entries(record(value)).map(([id, facts]) => [id, record(facts)]))

const today = (): string => new Date().toISOString().slice(0, 10)

/**
 * `providers/NAME/models/ID.toml`, in which an id may have folders. What it does not say is in `models/BASE.toml`, where it
 * names one as its `base_model`.
 */
const fromClone = (dir: string): Source => {
  const git = (...args: ReadonlyArray<string>) => execFileSync("git", ["-C", dir, ...args], { encoding: "utf8" }).trim()
  const toml = (path: string) => record(parseToml(readFileSync(join(dir, path), "utf8")))
  const providers: { [provider: string]: { [model: string]: Json } } = {}
  for (const path of globSync("providers/*/models/**/*.toml", { cwd: dir })) {
    const [, provider = "", , ...rest] = path.split(sep)
    const of = providers[provider] ??= {}
    const own = toml(path)
    const base = own["base_model"]
    const whole = typeof base === "string" ? over(toml(`models/${base}.toml`), own) : own
    const omitted = Array.isArray(own["base_model_omit"]) ? own["base_model_omit"] : []
    of[rest.join("/").replace(/\.toml$/, "")] = omitted.reduce(without, whole)
  }
  return { commit: git("rev-parse", "HEAD"), date: git("log", "-1", "--format=%cs"), providers }
}

const isRecord = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value)

/** Records in each other; all else is taken whole. */
const over = (base: Json, own: Json): Json => {
  const out: { [key: string]: unknown } = { ...base }
  for (const [key, value] of Object.entries(own)) {
    const before = base[key]
    out[key] = isRecord(before) && isRecord(value) ? over(before, value) : value
  }
  return out
}

/** Without a member, as `limit.input`. */
const without = (json: Json, path: unknown): Json => {
  const [first = "", ...rest] = String(path).split(".")
  const { [first]: inner, ...others } = json
  return rest.length === 0 ? others : isRecord(inner) ? { ...others, [first]: without(inner, rest.join(".")) } : json
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

/** What is in a clone, a file, or at an address. */
export const read = async (source: string): Promise<Source> => {
  if (/^https?:/.test(source)) {
    const answer = await fetch(source)
    if (!answer.ok) throw new Error(`${source} answered with ${answer.status}`)
    return fromJson(await answer.text())
  }
  return statSync(source).isDirectory() ? fromClone(source) : fromJson(readFileSync(source, "utf8"))
}

const count = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : undefined

const price = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : undefined

const rates = (cost: Json, provider: string): Json => {
  const input = price(cost["input"])
  return {
    input,
    output: price(cost["output"]),
    cacheRead: price(cost["cache_read"]) ?? price(cost["cached_input"]),
    cacheWrite: price(cost["cache_write"]),
    // "2 times the base input tokens price": https://platform.claude.com/docs/en/build-with-claude/prompt-caching#pricing
    cacheWriteHour: provider === "anthropic" && cost["cache_write"] !== undefined && input !== undefined
      ? input * 2
      : undefined,
    reasoning: price(cost["reasoning"])
  }
}

const prices = (cost: Json, provider: string): Json | undefined => {
  // With a price for each request or citation, that of the tokens is not the cost.
  if (cost["request"] !== undefined || cost["citation"] !== undefined) return undefined
  const tiers = (Array.isArray(cost["tiers"]) ? cost["tiers"] : []).flatMap((tier: unknown) => {
    const { size, type } = record(record(tier)["tier"])
    const above = count(size)
    return above === undefined || (type !== undefined && type !== "context")
      ? []
      : [{ ...rates(record(tier), provider), above }]
  })
  const long = cost["context_over_200k"]
  if (tiers.length === 0 && long !== undefined) tiers.push({ ...rates(record(long), provider), above: 200_000 })
  return { ...rates(cost, provider), tiers: tiers.length === 0 ? undefined : tiers }
}

const facts = (model: Json, provider: string): Json => {
  const limit = record(model["limit"])
  const modalities = record(model["modalities"])
  return {
    name: model["name"],
    contextTokens: count(limit["context"]),
    inputTokens: count(limit["input"]),
    outputTokens: count(limit["output"]),
    prices: model["cost"] === undefined ? undefined : prices(record(model["cost"]), provider),
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
      .map(([id, model]) => `${JSON.stringify(id)}:${JSON.stringify(facts(model, name))}`)
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

/** The module, and how many models are in it. Throws where there are none, or where a fact has another form. */
export const write = (list: Source): { readonly text: string; readonly models: number } => {
  const json = lines({ commit: list.commit, date: list.date, providers: list.providers })
  const models = Object.values(decode(json).models).reduce((sum, of) => sum + Object.keys(of).length, 0)
  if (models === 0) throw new Error(`There are no models of ${[...wanted].join(", ")}`)
  const escaped = json.replaceAll("\\", "\\\\").replaceAll("`", "\\`").replaceAll("${", "\\${")
  return { models, text: `${header(list)}export const json = \`${escaped}\`\n` }
}

if (import.meta.main) {
  const [source] = process.argv.slice(2)
  if (source === undefined) {
    console.error("Say where models.dev is: a clone, a JSON file, or https://models.dev/api.json")
    process.exitCode = 2
  } else {
    const { models, text } = write(await read(source))
    const target = join(import.meta.dirname, "src/generated/models.ts")
    writeFileSync(target, text)
    console.log(`${models} models written to ${relative(process.cwd(), target)}`)
  }
}

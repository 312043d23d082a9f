import { parseJson } from "./json.ts"

/** A value of JSON that has no values inside it. */
export type Leaf = string | number | boolean

const isLeaf = (value: unknown): value is Leaf =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean"

/** `service_tier` and `serviceTier` are one name. */
const sameName = (key: string): string => key.replaceAll("_", "").toLowerCase()

const pairOf = (key: string, value: Leaf): string => `${sameName(key)} ${typeof value} ${String(value)}`

/** The value inside a text that is JSON. */
const jsonInside = (text: string): object | undefined => {
  const value = /^\s*[[{]/.test(text) ? parseJson(text) : undefined
  return typeof value === "object" && value !== null ? value : undefined
}

/** Whether there is nothing in a value: `null`, an empty text, an empty list. */
export const saysNothing = (value: unknown): boolean =>
  value === undefined || value === null || value === ""
  || (typeof value === "object" && Object.values(value).every(saysNothing))

/** A value as one text, whatever the order of its keys; members that say nothing do not count. */
const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).filter(([, child]) => !saysNothing(child))
    return `{${members.map(([key, child]) => `${sameName(key)}:${canonical(child)}`).toSorted().join(",")}}`
  }
  return JSON.stringify(value) ?? "null"
}

/** All that is in a value, to be asked for: texts, members by their names, objects and lists as they are. */
export class LeafIndex {
  readonly #texts = new Set<string>()
  readonly #numbers = new Set<number>()
  readonly #pairs = new Set<string>()
  readonly #trees = new Set<string>()
  #joined: string | undefined

  /** Adds a value with all that is inside it, JSON inside texts included. */
  add(value: unknown, key = ""): this {
    if (isLeaf(value)) this.#leaf(key, value)
    else if (value instanceof Uint8Array) this.#leaf(key, Buffer.from(value).toString("base64"))
    else if (value instanceof URL) this.#leaf(key, value.href)
    else if (typeof value === "object" && value !== null) {
      this.#trees.add(canonical(value))
      for (const [name, child] of Object.entries(value)) this.add(child, Array.isArray(value) ? key : name)
    }
    return this
  }

  #leaf(key: string, value: Leaf): void {
    this.#pairs.add(pairOf(key, value))
    if (typeof value === "number") this.#numbers.add(value)
    if (typeof value !== "string" || this.#texts.has(value)) return
    this.#texts.add(value)
    this.#joined = undefined
    this.add(jsonInside(value), key)
  }

  /** A text, as it is or inside a longer one. */
  hasText(text: string): boolean {
    return this.#texts.has(text) || (text.length >= longEnough && this.#contains(text))
  }

  #contains(text: string): boolean {
    this.#joined ??= [...this.#texts].join("\u0000")
    return this.#joined.includes(text)
  }

  /** A number or a truth value under its name; a number with many digits under any. */
  hasValue(key: string, value: number | boolean): boolean {
    return this.#pairs.has(pairOf(key, value))
      || (typeof value === "number" && digits(value) >= telling && this.#numbers.has(value))
  }

  /** An object or a list, with all that is in it and nothing else. */
  hasTree(tree: object): boolean {
    return this.#trees.has(canonical(tree))
  }
}

/** A longer text may be inside another one; a short one would be found in any. */
const longEnough = 6

/** Digits from which a number is unlikely to be there by chance. */
const telling = 4

const digits = (value: number): number => String(value).replace(/[^0-9]/g, "").replace(/^0+/, "").length

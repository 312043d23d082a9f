/**
 * Keeps credentials out of errors, spans and `inspect`.
 */
import * as Redacted from "effect/Redacted"

/** Request and response headers whose values are never shown. */
const secretHeaders = new Set([
  "api-key",
  "authorization",
  "cookie",
  "openai-organization",
  "openai-project",
  "proxy-authorization",
  "set-cookie",
  "x-api-key",
  "x-goog-api-key"
])

const placeholder = "[redacted]"

/** Forms of the keys of known vendors, for text that echoes a key which is not the one in use. */
const keyForms = /\b(?:sk|pk|rk)-[A-Za-z0-9_*-]{6,}|\bBearer\s+[A-Za-z0-9._~+/=*-]{6,}|\bAIza[A-Za-z0-9_-]{20,}/g

/** In an address: `https://user:password@host`. */
const passwords = /(\/\/[^\s/:@]*:)[^\s/@]+@/g

/**
 * Text without the given secrets, without passwords in addresses and without anything that has the form of a vendor's
 * key.
 *
 * @example
 * ```ts
 * import * as Redaction from "@llm-layers/core/Redaction"
 * import { Redacted } from "effect"
 * import { strictEqual } from "node:assert"
 *
 * strictEqual(Redaction.text("No such key: abc", [Redacted.make("abc")]), "No such key: [redacted]")
 * ```
 */
export const text = (value: string, secrets: ReadonlyArray<Redacted.Redacted> = []): string => {
  let out = value
  for (const secret of secrets) {
    // As a header holds it; a key from a file may end in a line break.
    const plain = Redacted.value(secret).trim()
    if (plain.length > 0) out = out.replaceAll(plain, placeholder)
  }
  return out.replace(keyForms, placeholder).replace(passwords, `$1${placeholder}@`)
}

/**
 * Headers as a plain record, with the values of secret headers replaced.
 */
export const headers = (
  value: Headers | { readonly [name: string]: string },
  secrets: ReadonlyArray<Redacted.Redacted> = []
): { [name: string]: string } => {
  const out: { [name: string]: string } = {}
  const entries = value instanceof Headers ? value.entries() : Object.entries(value)
  for (const [name, content] of entries) {
    const lower = name.toLowerCase()
    out[lower] = secretHeaders.has(lower) ? placeholder : text(content, secrets)
  }
  return out
}

/**
 * JSON for the wire, with `Redacted` values in it unwrapped, and those values. For tools whose arguments have tokens of
 * other servers.
 *
 * @example
 * ```ts
 * import * as Redaction from "@llm-layers/core/Redaction"
 * import { Redacted } from "effect"
 * import { deepStrictEqual, strictEqual } from "node:assert"
 *
 * const { secrets, value } = Redaction.unwrap({ url: "https://mcp.example.com", token: Redacted.make("abc") })
 * deepStrictEqual(value, { url: "https://mcp.example.com", token: "abc" })
 * strictEqual(secrets.length, 1)
 * ```
 */
export const unwrap = (
  value: unknown
): { readonly value: unknown; readonly secrets: ReadonlyArray<Redacted.Redacted> } => {
  const secrets: Array<Redacted.Redacted> = []
  const plain = (one: unknown): unknown => {
    if (Redacted.isRedacted(one)) {
      const inner = Redacted.value(one)
      if (typeof inner === "string") secrets.push(Redacted.make(inner))
      return inner
    }
    if (Array.isArray(one)) return one.map(plain)
    // What says itself how it is JSON, such as a URL, stays what it is.
    if (typeof one !== "object" || one === null || Object.getPrototypeOf(one) !== Object.prototype) return one
    return Object.fromEntries(Object.entries(one).map(([key, member]) => [key, plain(member)]))
  }
  return { value: plain(value), secrets }
}

/**
 * A copy of a thrown value that is safe to keep as a cause: class name, message and code of each error in the chain,
 * without the request and the headers that SDK errors carry.
 */
export const cause = (value: unknown, secrets: ReadonlyArray<Redacted.Redacted> = []): Error => {
  const depth = (thrown: unknown, level: number): Error => {
    if (!(thrown instanceof Error)) return new Error(text(String(thrown), secrets))
    const inner = thrown.cause === undefined || level >= 4 ? undefined : depth(thrown.cause, level + 1)
    const copy = new Error(text(thrown.message, secrets), inner === undefined ? undefined : { cause: inner })
    copy.name = thrown.name === "Error" ? thrown.constructor.name : thrown.name
    copy.stack = text(thrown.stack ?? `${copy.name}: ${copy.message}`, secrets)
    const code = "code" in thrown && typeof thrown.code === "string" ? thrown.code : undefined
    return code === undefined ? copy : Object.assign(copy, { code })
  }
  return depth(value, 0)
}

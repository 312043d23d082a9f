/** Values as text, the same for equal values and no other, for keys. */
import * as Redacted from "effect/Redacted"
import * as Crypto from "node:crypto"

/** SHA-256, in hex: a key may become the name of a file, and not all file systems tell cases apart. */
export const digest = (data: string | Uint8Array): string => Crypto.hash("sha256", data, "hex")

/**
 * The digest of a value, or `undefined` where it has something in it that cannot be told apart: a function, a symbol, an
 * object that shows nothing of itself. Members that are `undefined` count as absent, and their order does not matter.
 * Bytes and secrets are in it as digests of their own.
 */
export const digestOf = (value: unknown): string | undefined => {
  try {
    return digest(write(value))
  } catch {
    return undefined
  }
}

class Opaque extends Error {}

/** JSON with sorted members; what JSON lacks is written as nothing in JSON is. */
const write = (value: unknown): string => {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value)
    case "number":
    case "boolean":
    case "undefined":
      return String(value)
    case "bigint":
      return `${value}n`
    case "object":
      return value === null ? "null" : writeObject(value)
    default:
      throw new Opaque()
  }
}

const writeObject = (value: object): string => {
  if (Array.isArray(value)) return `[${value.map(write).join(",")}]`
  if (ArrayBuffer.isView(value)) {
    return `bytes(${digest(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))})`
  }
  if (value instanceof URL) return `url(${JSON.stringify(value.href)})`
  if (value instanceof Date) return `date(${value.getTime()})`
  if (value instanceof Map) return `map(${write([...value])})`
  if (value instanceof Set) return `set(${write([...value])})`
  if (Redacted.isRedacted(value)) return `secret(${digest(write(Redacted.value(value)))})`
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  if (members.length === 0 && !isPlain(value)) throw new Opaque()
  members.sort(([a], [b]) => a < b ? -1 : 1)
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${write(member)}`).join(",")}}`
}

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

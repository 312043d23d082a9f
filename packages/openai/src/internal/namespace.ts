/** The provider's name in errors, in metadata of parts and in options of prompts. */
import * as Metadata from "@llm-layers/core/Metadata"
import type { MutableJson } from "effect/Schema"

/** The name. */
export const namespace = "openai"

/** Metadata of a part. */
export const metadata = (fields: { readonly [key: string]: unknown }): Metadata.Metadata =>
  Metadata.make(namespace, fields)

/** One member of the metadata of a part, or of the options of a prompt. */
export const read = (options: unknown, key: string): MutableJson | undefined => Metadata.get(options, namespace, key)

/** One member that is a string. */
export const readString = (options: unknown, key: string): string | undefined => {
  const value = read(options, key)
  return typeof value === "string" && value !== "" ? value : undefined
}

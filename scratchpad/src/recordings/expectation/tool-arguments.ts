import { parseJson } from "../json.ts"
import type { ToolArguments } from "./Expectation.ts"

/** Arguments as a vendor writes them: JSON as text, nothing at all for a tool without parameters. */
export const readToolArguments = (text: string): ToolArguments => {
  if (text.trim() === "") return { kind: "json", value: {} }
  const value = parseJson(text)
  return value === undefined ? { kind: "broken", text } : { kind: "json", value }
}

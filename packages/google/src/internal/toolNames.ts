/** Names of tools that run at Google: the program's own on one side, the wire's on the other. */
import * as Tool from "effect/ai/Tool"
import { definitions } from "./definitions.ts"

export interface ToolNames {
  /** The program's name for a call by its `toolType`, or for code. */
  readonly decode: (type: string) => string
  /** Whether the program declared a tool of Google's by this name of its own. */
  readonly isDeclared: (name: string) => boolean
}

export const make = (tools: ReadonlyArray<Tool.Any>): ToolNames => {
  const names = new Map<string, string>()
  const declared = new Set<string>()
  for (const tool of tools) {
    if (!Tool.isProviderDefined(tool)) continue
    declared.add(tool.name)
    for (const call of definitions[tool.id]?.calls ?? []) names.set(call, tool.name)
  }
  return {
    // What ran at Google must not be taken for a call of a tool of the program that has the same name.
    decode: (type) => names.get(type) ?? `google.${type}`,
    isDeclared: (name) => declared.has(name)
  }
}

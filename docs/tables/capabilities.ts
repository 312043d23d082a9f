/** The capability table of a provider. */
import type { Capability } from "@llm-layers/core"
import { table } from "./markdown.ts"

/** What flags say no to. */
export const refused = (flags: Partial<Capability.Capabilities>): string => {
  const names = Object.entries(flags).flatMap(([name, can]) => can ? [] : [`\`${name}\``])
  return names.length === 0 ? "nothing" : names.join(", ")
}

/** What the API as a whole and each family of models cannot do. What is not named, it can. */
export const capabilities = ({ provider, rows }: Capability.Table): string =>
  table(["models", "cannot", "source"], [
    ["all, unless a row says otherwise", refused(provider), ""],
    ...rows.map((row) => {
      const can = Object.entries(row.flags).flatMap(([name, yes]) => yes ? [`\`${name}\``] : [])
      return [row.models, `${refused(row.flags)}${can.length === 0 ? "" : `; can ${can.join(", ")}`}`, row.source]
    })
  ])

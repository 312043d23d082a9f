/** Variables in texts of a configuration. */
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"

type Variables = { readonly [name: string]: string | undefined }

const variable = /\$(?:\$|\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g

/** The node, its text with the values of the variables. */
export const node = (
  { ...node }: ConfigProvider.Node,
  path: ConfigProvider.Path,
  variables: Variables
): Effect.Effect<ConfigProvider.Node, ConfigProvider.SourceError> => {
  if (node.value === undefined) return Effect.succeed(node)
  const missing: Array<string> = []
  const value = node.value.replaceAll(variable, (whole, braced?: string, bare?: string) => {
    const name = braced ?? bare
    if (name === undefined) return "$"
    const found = variables[name]
    if (found === undefined || found === "") missing.push(name)
    return found ?? whole
  })
  return missing.length === 0
    ? Effect.succeed({ ...node, value })
    : Effect.fail(
      new ConfigProvider.SourceError({ message: `${path.join(".")} names ${missing.join(", ")}, which is not set` })
    )
}

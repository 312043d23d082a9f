import { type Json, type JsonObject, objectAt } from "../json.ts"

/** Settings of a provider by their names there; what they may be is its type to say. */
export type Settings = Readonly<Record<string, unknown>>

/**
 * Values by which a client says what the vendors do without a word. Here nothing is said, as a caller would: models without
 * the setting refuse it whatever its value.
 */
export const neutral: JsonObject = { frequency_penalty: 0, n: 1, presence_penalty: 0, temperature: 1, top_p: 1 }

/** The setting a member of the body is, and its value, where that is another one. */
export type Rule = readonly [setting: string, value?: (json: Json) => unknown]

/**
 * The settings of a recorded body. Members that are no setting of the provider go along as they are, through the setting
 * for what it has no name for; `elsewhere` are those that are no settings at all.
 */
export const settingsFrom = (
  body: Json | undefined,
  rules: Readonly<Record<string, Rule>>,
  elsewhere: ReadonlyArray<string>
): Settings => {
  const settings: Record<string, unknown> = {}
  const extraBody: Record<string, Json> = {}
  for (const [member, value] of Object.entries(objectAt(body))) {
    if (value === null || value === neutral[member] || elsewhere.includes(member)) continue
    const [setting, valueOf] = rules[member] ?? []
    if (setting === undefined) extraBody[member] = value
    else settings[setting] = valueOf === undefined ? value : valueOf(value)
  }
  return Object.keys(extraBody).length === 0 ? settings : { ...settings, extraBody }
}

/**
 * Tools and a choice of one that have no form here, as they were recorded: what a caller does, too, with what is newer than
 * the provider.
 */
export const withNewer = (
  settings: Settings,
  body: Json | undefined,
  { choice, tools }: { readonly choice: boolean; readonly tools: boolean }
): Settings => {
  const { tool_choice, tools: definitions } = objectAt(body)
  return withExtraBody(settings, {
    ...(tools && definitions !== undefined ? { tools: definitions } : {}),
    ...(choice && tool_choice !== undefined && tool_choice !== null ? { tool_choice } : {})
  })
}

/** Whether an object has members besides those. */
export const hasOther = (value: Json, members: ReadonlyArray<string>): boolean =>
  Object.entries(objectAt(value)).some(([key, child]) => child !== null && !members.includes(key))

/** A member with other names for its members. */
export const renamed = (names: Readonly<Record<string, string>>) => (value: Json): JsonObject =>
  Object.fromEntries(Object.entries(objectAt(value)).map(([name, child]) => [names[name] ?? name, child]))

/** Settings with what else goes into the body. */
export const withExtraBody = (settings: Settings, extra: JsonObject): Settings =>
  Object.keys(extra).length === 0
    ? settings
    : { ...settings, extraBody: { ...objectAt(settings["extraBody"] as Json | undefined), ...extra } }

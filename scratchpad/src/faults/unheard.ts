/** Members that nobody has heard of, put into what a vendor sends. */

/** The same JSON with such members in each object at every depth. */
export const withUnheard = (json: string): string => JSON.stringify(more(JSON.parse(json)))

/** Such members in the data of an event. */
export const eventWithUnheard = (event: string): string =>
  event.replace(/^data: (\{.*\})$/m, (_, data: string) => `data: ${withUnheard(data)}`)

const more = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(more)
  if (typeof value !== "object" || value === null) return value
  const known = Object.entries(value).map(([name, member]) => [name, more(member)])
  return { ...Object.fromEntries(known), x_unheard: { deep: [1, null] }, x_null: null }
}

/** Flags that several commands have. */
import type * as Settings from "@llm-layers/core/Settings"
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"

export const mock = Flag.Boolean("mock").pipe(
  Flag.withDescription("Use a model that needs neither key nor network"),
  Flag.withDefault(false)
)

export const json = Flag.Boolean("json").pipe(
  Flag.withDescription("Write JSON, for other programs"),
  Flag.withDefault(false)
)

export const model = Flag.String("model").pipe(
  Flag.withAlias("m"),
  Flag.withDescription("The model, as provider/model, a model's own name, or a role such as small"),
  Flag.optional
)

export const system = Flag.String("system").pipe(
  Flag.withAlias("s"),
  Flag.withDescription("What the model is told before the question"),
  Flag.optional
)

const between = (name: string, least: number, most: number, description: string) =>
  Flag.Finite(name).pipe(
    Flag.filter(
      (value) => value >= least && value <= most,
      (value) => `a number from ${least} to ${most}, and not ${value}`
    ),
    Flag.withDescription(description),
    Flag.optional
  )

const positive = (name: string, description: string) =>
  Flag.Int(name).pipe(
    Flag.filter((value) => value > 0, (value) => `a number from 1 on, and not ${value}`),
    Flag.withDescription(description),
    Flag.optional
  )

/** Of the model, in front of what was configured. */
export const settings = {
  temperature: between("temperature", 0, 2, "Randomness, from 0"),
  maxOutputTokens: positive("max-tokens", "The longest answer, in tokens"),
  topP: between("top-p", 0, 1, "Nucleus sampling, from 0 to 1"),
  topK: positive("top-k", "Only the so many likeliest tokens are drawn from"),
  seed: Flag.Int("seed").pipe(Flag.withDescription("For answers that can be had again"), Flag.optional),
  stop: Flag.String("stop").pipe(
    Flag.withDescription("A text that ends the answer; may be repeated"),
    Flag.atLeast(0)
  )
}

type Given<Flags> = { readonly [name in keyof Flags]: Flags[name] extends Flag.Flag<infer A> ? A : never }

/** The settings that were given. */
export const given = ({ stop, ...numbers }: Given<typeof settings>): Settings.Common => ({
  ...some(numbers),
  ...stop.length === 0 ? undefined : { stopSequences: stop }
})

type Some<Options> = { -readonly [name in keyof Options]?: Options[name] extends Option.Option<infer A> ? A : never }

const some = <Options extends { readonly [name: string]: Option.Option<unknown> }>(options: Options): Some<Options> =>
  // Each member is what the option of its name has.
  Object.fromEntries(
    Object.entries(options).flatMap(([name, value]) => Option.isSome(value) ? [[name, value.value]] : [])
  ) as Some<Options>

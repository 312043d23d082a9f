/** The connection to Acme: the only file that knows its address and where its key goes. */
import * as ClientConfig from "@llm-layers/core/ClientConfig"
import * as Connection from "@llm-layers/core/Connection"
import type * as Config from "effect/Config"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { errors } from "./internal/errors.ts"

export class AcmeClient extends Context.Service<AcmeClient, Connection.Connection>()("@acme/llm/AcmeClient") {}

export const defaultBaseUrl = "https://api.acme.example"

export const make = (options: Connection.Options): Effect.Effect<Connection.Connection> =>
  Connection.make(options, {
    errors,
    baseUrl: defaultBaseUrl,
    keyHeaders: (key) => ({ "x-acme-key": key }),
    // A vendor with a good package would have it build the request here.
    sdk: async ({ baseUrl }) => async (path) => ({
      url: `${baseUrl}${path}`,
      method: "POST",
      headers: new Headers({ "content-type": "application/json", "acme-version": "3" })
    })
  })

export const layer = (options: Connection.Options): Layer.Layer<AcmeClient> => Layer.effect(AcmeClient, make(options))

/** From `ACME_API_KEY` and `ACME_BASE_URL`, or the `Config`s given. */
export const layerConfig = (
  options: Omit<Connection.Options, "apiKey" | "baseUrl"> & ClientConfig.Options = {}
): Layer.Layer<AcmeClient, Config.ConfigError> =>
  Layer.effect(
    AcmeClient,
    Effect.flatMap(
      ClientConfig.load(options, { apiKey: "ACME_API_KEY", baseUrl: "ACME_BASE_URL", others: {} }),
      (loaded) => make({ ...options, ...loaded })
    )
  )

import {
  type ApiError,
  type Asset,
  Assets,
  type Downloads,
  type ScenarioError,
} from "@scenario-automation/core"
import { save } from "@scenario-automation/core/node"
import { Console, Effect } from "effect"
import { Argument, Command } from "effect/cli"
import { account } from "../account.ts"
import * as flags from "../commonFlags.ts"
import { conclude, printJson, type Reporting, tellFailure } from "../conclude.ts"
import { bytesText } from "../display/quantities.ts"
import { type ExitCode, exitCodes, gravestOf } from "../exitCodes.ts"
import { type Failure, failureJson, failureOf } from "../Failure.ts"
import { sizeText } from "../report/deliveryText.ts"
import { table } from "../report/table.ts"

const assetIds = Argument.String("assetId").pipe(Argument.variadic({ min: 1 }))

/** What one asset came to: how it is told in text and in JSON, or why it cannot be. */
type Found = { readonly text: ReadonlyArray<string>; readonly json: unknown } | Failure

/** Does the same for each asset; those that cannot be had keep none of the others back. */
const forEachAsset = (
  ids: ReadonlyArray<string>,
  reporting: Reporting,
  find: (asset: Asset) => Effect.Effect<Exclude<Found, Failure>, ScenarioError, Assets | Downloads>,
): Effect.Effect<ExitCode, ApiError, Assets | Downloads> =>
  Effect.gen(function* () {
    const assets = yield* Assets
    const found = yield* Effect.forEach(
      ids,
      (assetId): Effect.Effect<Found, never, Assets | Downloads> =>
        assets.get(assetId).pipe(
          Effect.flatMap(find),
          Effect.catch((error) => Effect.succeed(failureOf(error))),
        ),
      { concurrency: "unbounded" },
    )
    const failures = found.filter((one) => "exitCode" in one)
    if (reporting.json) {
      yield* printJson(documentOf(ids, found))
    } else {
      const rows = found.flatMap((one) => ("exitCode" in one ? [] : [one.text]))
      if (rows.length > 0) yield* Console.log(table(rows).join("\n"))
      yield* Effect.forEach(failures, (failure) => tellFailure(failure, reporting.out))
    }
    return gravestOf(failures.length === 0 ? [exitCodes.done] : failures.map(({ exitCode }) => exitCode))
  })

const documentOf = (ids: ReadonlyArray<string>, found: ReadonlyArray<Found>): unknown => {
  const [only, ...others] = found
  if (only !== undefined && others.length === 0 && "exitCode" in only) {
    return { error: failureJson(only, undefined) }
  }
  return {
    assets: found.map((one, index) =>
      "exitCode" in one ? { id: ids[index], error: failureJson(one, undefined) } : one.json,
    ),
  }
}

const url = Command.make("url", { assetIds, json: flags.json }, ({ assetIds, json }) =>
  conclude(
    { json },
    forEachAsset(assetIds, { json }, (asset) =>
      Effect.succeed({ text: [asset.url], json: { id: asset.assetId, url: asset.url } }),
    ).pipe(Effect.provide(account)),
  ),
).pipe(Command.withDescription("Print a fresh link to each file; it needs no key, and expires within days"))

const get = Command.make("get", { assetIds, json: flags.json }, ({ assetIds, json }) =>
  conclude(
    { json },
    forEachAsset(assetIds, { json }, (asset) =>
      Effect.succeed({ text: assetText(asset), json: assetJson(asset) }),
    ).pipe(Effect.provide(account)),
  ),
).pipe(Command.withDescription("Print what Scenario knows of each asset"))

const download = Command.make(
  "download",
  { assetIds, out: flags.out, json: flags.json },
  ({ assetIds, out, json }) =>
    conclude(
      { json, out },
      forEachAsset(assetIds, { json, out }, (asset) =>
        Effect.map(save(asset, out), (file) => ({
          text: [file.path, file.mimeType, sizeText(asset), bytesText(file.bytes)],
          json: { ...assetJson(asset), file: file.path, mimeType: file.mimeType, bytes: file.bytes },
        })),
      ).pipe(Effect.provide(account)),
    ),
).pipe(Command.withDescription("Save the file of each asset, whole or not at all"))

const assetText = (asset: Asset): ReadonlyArray<string> => [
  asset.assetId,
  asset.mimeType,
  sizeText(asset),
  asset.bytes === undefined ? "" : bytesText(asset.bytes),
  asset.status,
  asset.prompt ?? asset.name ?? "",
]

const assetJson = ({ assetId, ...asset }: Asset) => ({ id: assetId, ...asset })

export const assetCommand = Command.make("asset").pipe(
  Command.withDescription("Links and files of assets"),
  Command.withSubcommands([url, get, download]),
)

import {
  type ApiError,
  type Asset,
  Assets,
  type Downloads,
  ScenarioConfig,
  thumbnailUrl,
  type ScenarioError,
} from "@scenario-automation/core"
import { save } from "@scenario-automation/core/node"
import { Console, Effect } from "effect"
import { Command, Flag } from "effect/cli"
import { account } from "../account.ts"
import * as flags from "../commonFlags.ts"
import { printFailure, printJson, type Reporting, runCommand } from "../runCommand.ts"
import { quoteWord, toOutOption } from "../shellCommands.ts"
import { formatBytes } from "../display/quantities.ts"
import { type ExitCode, exitCodes, worstExitCode } from "../exitCodes.ts"
import { type Failure, toErrorJson, toFailure } from "../Failure.ts"
import { toStopFailure } from "../interruption.ts"
import { toAssetJson } from "../json/toAssetJson.ts"
import { formatSize } from "../report/formatDelivery.ts"
import { formatTable } from "../report/formatTable.ts"

const assetIds = flags.ids("assetId", "IDs of assets in this account")

/** The result for one asset: a row of text and JSON, or an error. */
type AssetResult = { readonly text: ReadonlyArray<string>; readonly json: unknown } | Failure

/** Runs the same step for each asset. If one fails, the others continue. */
const forEachAsset = (
  ids: ReadonlyArray<string>,
  reporting: Reporting,
  find: (
    asset: Asset,
  ) => Effect.Effect<Exclude<AssetResult, Failure>, ScenarioError, Assets | Downloads | ScenarioConfig>,
): Effect.Effect<ExitCode, ApiError, Assets | Downloads | ScenarioConfig> =>
  Effect.gen(function* () {
    const assets = yield* Assets
    const found = yield* Effect.forEach(
      ids,
      (assetId): Effect.Effect<AssetResult, never, Assets | Downloads | ScenarioConfig> =>
        assets.get(assetId).pipe(
          Effect.flatMap(find),
          Effect.catch((error) => Effect.succeed(toFailure(error))),
        ),
      { concurrency: "unbounded" },
    )
    const failures = found.filter((one) => "exitCode" in one)
    if (reporting.json) {
      yield* printJson(toDocument(ids, found))
    } else {
      const rows = found.flatMap((one) => ("exitCode" in one ? [] : [one.text]))
      if (rows.length > 0) yield* Console.log(formatTable(rows).join("\n"))
      yield* Effect.forEach(failures, (failure) => printFailure(failure, reporting.out))
    }
    return worstExitCode(failures.length === 0 ? [exitCodes.done] : failures.map(({ exitCode }) => exitCode))
  })

const toDocument = (ids: ReadonlyArray<string>, found: ReadonlyArray<AssetResult>): unknown => {
  const [only, ...others] = found
  if (only !== undefined && others.length === 0 && "exitCode" in only) {
    return { error: toErrorJson(only, undefined) }
  }
  return {
    assets: found.map((one, index) =>
      "exitCode" in one ? { assetId: ids[index], error: toErrorJson(one, undefined) } : one.json,
    ),
  }
}

const url = Command.make("url", { assetIds, json: flags.json }, ({ assetIds, json }) =>
  runCommand(
    { json },
    forEachAsset(assetIds, { json }, (asset) =>
      Effect.succeed({ text: [asset.url], json: { assetId: asset.assetId, url: asset.url } }),
    ).pipe(Effect.provide(account)),
  ),
).pipe(
  Command.withDescription(
    "Print a fresh link to each file. It works without a key, and expires after a day or more",
  ),
)

const format = Flag.String("format").pipe(
  Flag.withMetavar("FORMAT"),
  Flag.withDescription("png, jpeg, webp, avif, or tiff; for 3D models glb, obj, or fbx"),
)

const convert = Command.make(
  "convert",
  { assetIds, format, json: flags.json },
  ({ assetIds, format, json }) =>
    runCommand(
      { json },
      forEachAsset(assetIds, { json }, ({ assetId }) =>
        Effect.map(
          Assets.use((assets) => assets.convert(assetId, format)),
          (link) => ({ text: [link.url], json: { assetId, url: link.url, format: link.format } }),
        ),
      ).pipe(Effect.provide(account)),
    ),
).pipe(Command.withDescription("Print a fresh link to each file in another format"))

const get = Command.make("get", { assetIds, json: flags.json }, ({ assetIds, json }) =>
  runCommand(
    { json },
    forEachAsset(assetIds, { json }, (asset) =>
      ScenarioConfig.useSync(({ cdnUrl }) => ({
        text: toAssetRow(asset),
        // This link works without a key and doesn't expire, also for private assets.
        json: { ...toAssetJson(asset), thumbnailUrl: thumbnailUrl(asset.assetId, cdnUrl) },
      })),
    ).pipe(Effect.provide(account)),
  ),
).pipe(Command.withDescription("Print the details of each asset"))

const download = Command.make(
  "download",
  { assetIds, out: flags.out, original: flags.original, json: flags.json },
  ({ assetIds, out, original, json }) =>
    runCommand(
      { json, out },
      forEachAsset(assetIds, { json, out }, (asset) =>
        Effect.map(save(asset, out, { rendition: original ? "original" : "file" }), (file) => ({
          text: [file.path, file.mimeType, formatSize(asset), formatBytes(file.bytes)],
          json: toAssetJson(asset, file),
        })),
      ).pipe(Effect.provide(account)),
      toStopFailure("Stopped before all files were saved. Download the assets again to save the rest.", [
        `scenario assets download ${assetIds.map(quoteWord).join(" ")}${toOutOption(out)}`,
      ]),
    ),
).pipe(Command.withDescription("Save the file of each asset. Incomplete files are never kept"))

const toAssetRow = (asset: Asset): ReadonlyArray<string> => [
  asset.assetId,
  asset.mimeType,
  formatSize(asset),
  asset.bytes === undefined ? "" : formatBytes(asset.bytes),
  asset.status,
  asset.prompt ?? asset.name ?? "",
]

export const assetsCommand = Command.make("assets").pipe(
  Command.withAlias("asset"),
  Command.withDescription("Get links to assets, convert them, and save their files"),
  Command.withSubcommands([url, convert, get, download]),
)

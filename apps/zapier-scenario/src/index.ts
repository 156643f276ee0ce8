import { defineApp, version as platformVersion } from "zapier-platform-core"
import manifest from "../package.json" with { type: "json" }
import { authentication } from "./authentication.ts"
import { cancelGeneration } from "./creates/cancelGeneration.ts"
import { generateAsset } from "./creates/generateAsset.ts"
import { importAsset } from "./creates/importAsset.ts"
import { runApp } from "./creates/runApp.ts"
import { startGeneration } from "./creates/startGeneration.ts"
import { transformImage } from "./creates/transformImage.ts"
import { assetFile } from "./hydrators/assetFile.ts"
import { signScenarioRequests } from "./middleware.ts"
import { findAsset } from "./searches/findAsset.ts"
import { findGeneration } from "./searches/findGeneration.ts"
import { findModel } from "./searches/findModel.ts"
import { generationFinished } from "./triggers/generationFinished.ts"
import { inputModelList, modelList } from "./triggers/modelLists.ts"
import { newAsset } from "./triggers/newAsset.ts"

/** Keys never change: Zapier can't move users to another key. */
export default defineApp({
  version: manifest.version,
  platformVersion,
  authentication,
  beforeRequest: [signScenarioRequests],
  hydrators: { assetFile },
  triggers: {
    [generationFinished.key]: generationFinished,
    [newAsset.key]: newAsset,
    [modelList.key]: modelList,
    [inputModelList.key]: inputModelList,
  },
  searches: {
    [findGeneration.key]: findGeneration,
    [findAsset.key]: findAsset,
    [findModel.key]: findModel,
  },
  creates: {
    [generateAsset.key]: generateAsset,
    [startGeneration.key]: startGeneration,
    [runApp.key]: runApp,
    [importAsset.key]: importAsset,
    [transformImage.key]: transformImage,
    [cancelGeneration.key]: cancelGeneration,
  },
})

import { imageModels } from "./imageModels.ts"
import { loraModels } from "./loraModels.ts"
import { otherModels } from "./otherModels.ts"
import type { ModelRecord } from "./ModelRecord.ts"

/** The models of the simulated account: public ones, and four of its own. */
export const catalogModels: ReadonlyArray<ModelRecord> = [...imageModels, ...otherModels, ...loraModels]

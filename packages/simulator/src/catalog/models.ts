import { imageModels } from "./imageModels.ts"
import { otherModels } from "./otherModels.ts"
import type { ModelRecord } from "./ModelRecord.ts"

/** The models of the simulated account: public ones, and two of its own. */
export const catalogModels: readonly ModelRecord[] = [...imageModels, ...otherModels]

import type { AssetSpec } from "./AssetSpec.ts"
import { paint } from "./paint.ts"
import { encodePng } from "./png.ts"
import { textOf } from "./textFile.ts"
export const makeFile = (spec: AssetSpec): Buffer =>
  spec.kind === "text" ? Buffer.from(textOf(spec)) : encodePng(paint(spec))

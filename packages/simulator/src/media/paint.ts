import { hashOf } from "../seeded.ts"
import type { AssetSpec } from "./AssetSpec.ts"
import type { Bitmap } from "./png.ts"
export const paint = (spec: AssetSpec): Bitmap => {
  const pixels = new Uint8ClampedArray(spec.width * spec.height * 4).fill(255)
  const h = hashOf(spec.prompt + spec.seed)
  for (let y = 0; y < spec.height; y++)
    for (let x = 0; x < spec.width; x++) {
      const at = (y * spec.width + x) * 4
      pixels[at] = ((h & 255) * y) / spec.height
      pixels[at + 1] = (((h >> 8) & 255) * x) / spec.width
      pixels[at + 2] = (h >> 16) & 255
    }
  return { width: spec.width, height: spec.height, pixels }
}

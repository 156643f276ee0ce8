import type { AssetSpec } from "./AssetSpec.ts"
import { black, type Canvas, mix, white } from "./Canvas.ts"
import { measureText, wrap, write } from "./lettering.ts"
import type { Palette } from "./palette.ts"

/** Draws prompt, size, seed, model, and index over the bottom of a picture. Plain and very small pictures get no caption. */
export const drawCaption = (canvas: Canvas, spec: AssetSpec, palette: Palette): void => {
  if (spec.style === "plain" || canvas.width < 160 || canvas.height < 120) return
  const unit = Math.min(canvas.width, canvas.height * 1.4)
  const dotSize = Math.max(1, unit / 230)
  const smallDot = Math.max(1, dotSize * 0.64)
  const margin = canvas.width * 0.05
  const inner = canvas.width - margin * 2
  const lines = wrap(spec.prompt === "" ? "(no prompt)" : spec.prompt, inner / dotSize, 3)
  const size =
    spec.width > 0 && spec.kind !== "3d" && spec.kind !== "video" ? `  ${spec.width}x${spec.height}` : ""
  const facts = `${spec.label} #${spec.index + 1}${size}  seed ${spec.seed}`
  const smallLines = [...wrap(facts, inner / smallDot, 2), ...wrap(spec.modelName, inner / smallDot, 1)]
  const lineHeight = dotSize * 10.5
  const smallHeight = smallDot * 11
  const height = margin * 1.6 + lines.length * lineHeight + smallLines.length * smallHeight
  const top = canvas.height - height
  darkenBottom(canvas, top, height)
  let y = top + margin
  canvas.rectangle(
    margin,
    y - dotSize * 4,
    Math.min(inner, measureText("mmmm") * dotSize),
    Math.max(1, dotSize * 0.8),
    palette.accent,
  )
  for (const line of lines) {
    write(canvas, line, margin, y, dotSize, white)
    y += lineHeight
  }
  y += smallDot * 2
  for (const line of smallLines) {
    write(canvas, line, margin, y, smallDot, mix(white, palette.accent, 0.35), 0.9)
    y += smallHeight
  }
}

/** Darkens the bottom, so that the caption is readable on any picture. */
const darkenBottom = (canvas: Canvas, top: number, height: number): void => {
  const start = Math.max(0, Math.floor(top - height * 0.25))
  for (let y = start; y < canvas.height; y++) {
    const strength = Math.min(0.62, (y - start) / (height * 0.6))
    for (let x = 0; x < canvas.width; x++) canvas.blend(x, y, black, strength)
  }
}

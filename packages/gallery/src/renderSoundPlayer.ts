import { html, type Content, type Markup } from "./html.ts"
import type { Waveform } from "./readWaveform.ts"

/** The number of bars in a waveform. */
export const barCount = 72

/** An audio player, below the waveform if it is known. */
export const renderSoundPlayer = (
  link: string,
  description: string,
  waveform: Waveform | undefined,
): Markup =>
  html`<div class="stage sound">
    ${waveform !== undefined && renderBars(waveform)}
    <audio controls preload="metadata" src="${link}" aria-label="${description}"></audio>
  </div>`

const height = 64

const renderBars = ({ peaks }: Waveform): Content =>
  html`<svg
    class="wave"
    viewBox="0 0 ${peaks.length * 4} ${height}"
    preserveAspectRatio="none"
    aria-hidden="true"
  >
    ${peaks.map((peak, index) => {
      const bar = Math.max(2, peak * height)
      return html`<rect
        x="${index * 4 + 0.5}"
        y="${((height - bar) / 2).toFixed(1)}"
        width="3"
        height="${bar.toFixed(1)}"
      />`
    })}
  </svg>`

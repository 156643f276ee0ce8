/** The loudness of a sound over time. */
export interface Waveform {
  /** Seconds. */
  readonly duration: number
  /** 0..1. The loudest peak is 1. */
  readonly peaks: ReadonlyArray<number>
}

/** Reads the waveform of an uncompressed WAV file. Returns `undefined` for other formats and damaged files. */
export const readWaveform = (file: Uint8Array, peakCount: number): Waveform | undefined => {
  try {
    return readChunks(new DataView(file.buffer, file.byteOffset, file.byteLength), peakCount)
  } catch {
    // A damaged file, which may still be playable.
    return undefined
  }
}

const readChunks = (view: DataView, peakCount: number): Waveform | undefined => {
  if (getName(view, 0) !== "RIFF" || getName(view, 8) !== "WAVE") return undefined
  let format: Format | undefined
  for (let at = 12; at + 8 <= view.byteLength;) {
    const length = view.getUint32(at + 4, true)
    const name = getName(view, at)
    if (name === "fmt ") format = readFormat(view, at + 8)
    if (name === "data") {
      // The length in a streamed file can be wrong.
      return format && measure(view, at + 8, Math.min(length, view.byteLength - at - 8), format, peakCount)
    }
    // Chunks start at even offsets.
    at += 8 + length + (length % 2)
  }
  return undefined
}

const getName = (view: DataView, at: number): string =>
  String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3))

interface Format {
  readonly samplesPerSecond: number
  /** One sample of each channel. */
  readonly bytesPerFrame: number
  /** Reads the sample of the first channel, -1..1. */
  readonly readSample: (view: DataView, at: number) => number
}

const pcm = 1
const float = 3
/** The real format is in an extension of the header. */
const extensible = 0xfffe

const readFormat = (view: DataView, at: number): Format | undefined => {
  const given = view.getUint16(at, true)
  const kind = given === extensible ? view.getUint16(at + 24, true) : given
  const bytesPerFrame = view.getUint16(at + 12, true)
  const readSample = sampleReaders.get(`${kind}/${view.getUint16(at + 14, true)}`)
  if (readSample === undefined || bytesPerFrame === 0) return undefined
  return { samplesPerSecond: view.getUint32(at + 4, true), bytesPerFrame, readSample }
}

const sampleReaders: ReadonlyMap<string, Format["readSample"]> = new Map([
  [`${pcm}/8`, (view: DataView, at: number) => (view.getUint8(at) - 128) / 128],
  [`${pcm}/16`, (view: DataView, at: number) => view.getInt16(at, true) / 2 ** 15],
  [
    `${pcm}/24`,
    (view: DataView, at: number) => (view.getInt16(at + 1, true) * 256 + view.getUint8(at)) / 2 ** 23,
  ],
  [`${pcm}/32`, (view: DataView, at: number) => view.getInt32(at, true) / 2 ** 31],
  [`${float}/32`, (view: DataView, at: number) => view.getFloat32(at, true)],
])

/** More samples per peak wouldn't change the picture. */
const maxSamplesPerPeak = 2000

const measure = (
  view: DataView,
  start: number,
  length: number,
  { samplesPerSecond, bytesPerFrame, readSample }: Format,
  peakCount: number,
): Waveform | undefined => {
  const frames = Math.floor(length / bytesPerFrame)
  if (frames === 0 || samplesPerSecond === 0) return undefined
  const peaks = Array.from({ length: peakCount }, (_, index) => {
    const from = Math.floor((index * frames) / peakCount)
    const to = Math.floor(((index + 1) * frames) / peakCount)
    const step = Math.max(1, Math.floor((to - from) / maxSamplesPerPeak))
    let peak = 0
    for (let frame = from; frame < to; frame += step) {
      peak = Math.max(peak, Math.abs(readSample(view, start + frame * bytesPerFrame)))
    }
    return peak
  })
  const loudest = Math.max(...peaks)
  return {
    duration: frames / samplesPerSecond,
    peaks: peaks.map((peak) => (loudest > 0 ? peak / loudest : 0)),
  }
}

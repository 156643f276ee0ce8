import { hashText } from "../seeded.ts"
import type { AssetSpec } from "./AssetSpec.ts"

/** Samples per second. */
export const sampleRate = 22050
export const audioSeconds = 2

/** A short arpeggio. The prompt decides its key. */
export const makeWav = (spec: AssetSpec): Buffer => {
  const samples = sampleRate * audioSeconds
  const wav = Buffer.alloc(44 + samples * 2)
  wav.write("RIFF", 0)
  wav.writeUInt32LE(36 + samples * 2, 4)
  wav.write("WAVEfmt ", 8)
  wav.writeUInt32LE(16, 16)
  wav.writeUInt16LE(1, 20)
  wav.writeUInt16LE(1, 22)
  wav.writeUInt32LE(sampleRate, 24)
  wav.writeUInt32LE(sampleRate * 2, 28)
  wav.writeUInt16LE(2, 32)
  wav.writeUInt16LE(16, 34)
  wav.write("data", 36)
  wav.writeUInt32LE(samples * 2, 40)
  const root = 174.6 * 2 ** ((hashText(`${spec.prompt}/${spec.seed}`) % 12) / 12)
  const steps = [0, 4, 7, 12, 16, 12, 7, 4]
  for (let index = 0; index < samples; index++) {
    const seconds = index / sampleRate
    const note = Math.floor(seconds * 4)
    const pitch = root * 2 ** ((steps[note % steps.length] ?? 0) / 12)
    const sinceNote = seconds - note / 4
    const loudness = Math.min(1, sinceNote * 80) * Math.exp(-sinceNote * 6)
    const tone = Math.sin(2 * Math.PI * pitch * seconds) + 0.3 * Math.sin(4 * Math.PI * pitch * seconds)
    wav.writeInt16LE(Math.round(tone * loudness * 15000), 44 + index * 2)
  }
  return wav
}

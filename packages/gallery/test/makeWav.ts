/** A mono WAV with 16 bits per sample and 1000 samples per second. */
export const makeWav = (samples: ReadonlyArray<number>): Uint8Array => {
  const file = Buffer.alloc(44 + samples.length * 2)
  file.write("RIFF", 0)
  file.writeUInt32LE(file.length - 8, 4)
  file.write("WAVEfmt ", 8)
  for (const [at, value] of [
    [16, 16],
    [24, 1000],
    [28, 2000],
    [40, samples.length * 2],
  ] as const) {
    file.writeUInt32LE(value, at)
  }
  for (const [at, value] of [
    [20, 1],
    [22, 1],
    [32, 2],
    [34, 16],
  ] as const) {
    file.writeUInt16LE(value, at)
  }
  file.write("data", 36)
  for (const [index, sample] of samples.entries())
    file.writeInt16LE(Math.round(sample * 32_767), 44 + index * 2)
  return file
}

/** What a model makes. */
export type OutputKind = "image" | "video" | "audio" | "3d"

const getKind = (capability: string): OutputKind | undefined => {
  if (capability.endsWith("2video")) return "video"
  if (capability.endsWith("2audio")) return "audio"
  if (capability.endsWith("23d")) return "3d"
  return /2img|^(controlnet|inpaint|outpaint|reference)/.test(capability) ? "image" : undefined
}

/** Follows from a model's capabilities (`txt2video`, `img23d`, `controlnet_ip_adapter`), if they agree. */
export const getOutputKind = (capabilities: ReadonlyArray<string>): OutputKind | undefined => {
  const [kind, ...others] = new Set(capabilities.map(getKind))
  return others.length === 0 ? kind : undefined
}

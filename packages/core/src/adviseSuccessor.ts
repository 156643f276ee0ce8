/** What the models that replace older endpoints do, by the name of the endpoint. The first match counts. */
const successors: ReadonlyArray<readonly [name: RegExp, purpose: string]> = [
  [/texture/, "makes textures"],
  [/^skybox/, "makes skyboxes"],
  [/inpaint|^generative-fill/, "fills a part of an image (inpainting)"],
  [/^txt2img$/, "makes images from text (txt2img)"],
  [/^img2img$|controlnet|ip-adapter|^restyle|^prompt-editing/, "makes images from images (img2img)"],
  [/^upscale/, "upscales images"],
  [/^remove-background/, "removes backgrounds"],
  [/^(reframe|vectorize|pixelate|segment)/, "does the same"],
]

/**
 * Advises which kind of model to run if an older endpoint was not found. `undefined` for other requests, and if the response
 * says that something else wasn't found.
 */
export const adviseSuccessor = (request: string, detail: string): string | undefined => {
  const endpoint = /^POST \/generate\/([\w-]+)$/.exec(request)?.[1]
  if (endpoint === undefined || /\b(asset|model|image|mask|file)s?\b/i.test(detail)) return undefined
  const purpose = successors.find(([name]) => name.test(endpoint))?.[1]
  return purpose === undefined
    ? undefined
    : `The older endpoint ${endpoint} isn't available to this account. Run a model that ${purpose} instead`
}

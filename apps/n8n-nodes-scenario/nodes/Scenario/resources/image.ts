import { generateOptions } from "../fields/options.ts"
import type { Resource } from "../Operation.ts"
import { endpointOperation } from "./endpointOperation.ts"

const transformation = endpointOperation(generateOptions)

const upscale = transformation("upscale", "Upscale", "Upscale an image", "Make an image larger and finer")

export const image: Resource = {
  value: "image",
  name: "Image",
  description: "Transform an image that is there already",
  operations: [
    transformation(
      "detect",
      "Detect",
      "Detect lines, depth or poses in an image",
      "Make a control map of an image",
    ),
    transformation(
      "prompt-editing",
      "Edit by Prompt",
      "Edit an image by prompt",
      "Change an image by saying what to change",
    ),
    transformation(
      "generative-fill",
      "Fill",
      "Fill a part of an image",
      "Paint a masked part of an image anew",
    ),
    transformation("patch", "Patch", "Put an image onto another", "Put an image onto another one, or cut it"),
    transformation("pixelate", "Pixelate", "Pixelate an image", "Turn an image into pixel art"),
    transformation("reframe", "Reframe", "Reframe an image", "Extend an image beyond its frame"),
    transformation(
      "remove-background",
      "Remove Background",
      "Remove the background of an image",
      "Cut out what is in front",
    ),
    transformation("restyle", "Restyle", "Restyle an image", "Give an image another style"),
    transformation("segment", "Segment", "Segment an image", "Find the parts of an image"),
    transformation("skybox-base-360", "Skybox", "Make a skybox", "Make a 360° surrounding from a prompt"),
    transformation(
      "skybox-upscale-360",
      "Skybox: Upscale",
      "Upscale a skybox",
      "Make a 360° surrounding larger",
    ),
    transformation(
      "texture",
      "Texture Maps",
      "Make texture maps of an image",
      "Make the maps of a material from an image",
    ),
    upscale,
    transformation("vectorize", "Vectorize", "Vectorize an image", "Turn an image into an SVG"),
  ],
  first: upscale,
}

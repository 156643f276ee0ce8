import { generateOptions } from "../fields/options.ts"
import type { Resource } from "../Operation.ts"
import { endpointOperation } from "./endpointOperation.ts"

const transformation = endpointOperation(generateOptions)

const upscale = transformation(
  "upscale",
  "Upscale",
  "Upscale an image",
  "Increase the resolution and detail of an image",
)

export const image: Resource = {
  value: "image",
  name: "Image",
  description: "Edit, upscale or convert an existing image",
  operations: [
    transformation(
      "texture",
      "Create Texture Maps",
      "Create texture maps from an image",
      "Create material maps from an image",
    ),
    transformation(
      "detect",
      "Detect",
      "Detect lines, depth or poses in an image",
      "Create a control map, such as edges, depth or pose",
    ),
    transformation(
      "prompt-editing",
      "Edit With Prompt",
      "Edit an image with a prompt",
      "Describe the changes to make to an image",
    ),
    transformation(
      "generative-fill",
      "Fill",
      "Fill a part of an image",
      "Repaint the masked area of an image",
    ),
    transformation(
      "skybox-base-360",
      "Generate Skybox",
      "Generate a skybox",
      "Create a 360° skybox from a prompt",
    ),
    transformation(
      "patch",
      "Patch",
      "Put an image onto another",
      "Paste one image onto another, or crop an image",
    ),
    transformation("pixelate", "Pixelate", "Pixelate an image", "Turn an image into pixel art"),
    transformation("reframe", "Reframe", "Reframe an image", "Extend an image beyond its frame"),
    transformation(
      "remove-background",
      "Remove Background",
      "Remove the background of an image",
      "Remove the background of an image",
    ),
    transformation("restyle", "Restyle", "Restyle an image", "Give an image another style"),
    transformation("segment", "Segment", "Segment an image", "Find the parts of an image"),
    upscale,
    transformation(
      "skybox-upscale-360",
      "Upscale Skybox",
      "Upscale a skybox",
      "Increase the resolution of a 360° skybox",
    ),
    transformation("vectorize", "Vectorize", "Vectorize an image", "Turn an image into an SVG"),
  ],
  first: upscale,
}

import { generateOptions } from "../fields/options.ts"
import type { Resource } from "../Operation.ts"
import { makeEndpointOperation } from "./makeEndpointOperation.ts"

const makeImageOperation = makeEndpointOperation(generateOptions)

const upscale = makeImageOperation(
  "upscale",
  "Upscale",
  "Upscale an image",
  "Increase the resolution and detail of an image",
)

export const image: Resource = {
  value: "image",
  name: "Image",
  description: "Edit, upscale or convert an image without selecting a model",
  operations: [
    makeImageOperation(
      "texture",
      "Create Texture Maps",
      "Create texture maps from an image",
      "Create material maps from an image",
    ),
    makeImageOperation(
      "detect",
      "Detect",
      "Detect lines, depth or poses in an image",
      "Create a control map, such as edges, depth or pose",
    ),
    makeImageOperation(
      "prompt-editing",
      "Edit With Prompt",
      "Edit an image with a prompt",
      "Describe the changes to make to an image",
    ),
    makeImageOperation(
      "generative-fill",
      "Fill",
      "Fill a part of an image",
      "Repaint the masked area of an image",
    ),
    makeImageOperation(
      "skybox-base-360",
      "Generate Skybox",
      "Generate a skybox",
      "Create a 360° skybox from a prompt",
    ),
    makeImageOperation(
      "patch",
      "Patch",
      "Paste an image onto another",
      "Paste one image onto another, or crop an image",
    ),
    makeImageOperation("pixelate", "Pixelate", "Pixelate an image", "Turn an image into pixel art"),
    makeImageOperation("reframe", "Reframe", "Reframe an image", "Extend an image beyond its frame"),
    makeImageOperation(
      "remove-background",
      "Remove Background",
      "Remove the background of an image",
      "Remove the background of an image",
    ),
    makeImageOperation("restyle", "Restyle", "Restyle an image", "Give an image another style"),
    makeImageOperation("segment", "Segment", "Segment an image", "Find the parts of an image"),
    upscale,
    makeImageOperation(
      "skybox-upscale-360",
      "Upscale Skybox",
      "Upscale a skybox",
      "Increase the resolution of a 360° skybox",
    ),
    makeImageOperation("vectorize", "Vectorize", "Vectorize an image", "Turn an image into an SVG"),
  ],
  first: upscale,
}

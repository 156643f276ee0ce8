import type { Model } from "@scenario-automation/core"

/** Whether a LoRA or composition runs on a base model. Those of Stable Diffusion run in a mode instead. */
export const runsOnBase = ({ type }: Model): boolean =>
  /-(lora|composition)$/i.test(type) && !/^(sd|stable)/i.test(type)

import type { PriceOptions } from "../../src/submit/DryRuns.ts"
import type { GenerationRequest, ModelRequest } from "../../src/submit/GenerationRequest.ts"
import { Generations, type ReconcileOptions } from "../../src/submit/Generations.ts"
import type { SubmitIntent } from "../../src/submit/SubmitIntent.ts"
import type { SubmitOptions } from "../../src/submit/SubmitOptions.ts"

export const prompt = "a red house"

/** The library chooses a seed for this model, and recognizes a lost job by it. */
export const seeded: ModelRequest = { model: "model_flux-composer", inputs: { prompt } }

/** This model has no seed. */
export const seedless: ModelRequest = { model: "model_canvas-image-2", inputs: { prompt } }

export const submit = (request: GenerationRequest, options?: SubmitOptions) =>
  Generations.use((generations) => generations.submit(request, options))

export const estimate = (request: GenerationRequest, options?: PriceOptions) =>
  Generations.use((generations) => generations.estimate(request, options))

export const reconcile = (intent: SubmitIntent, options?: ReconcileOptions) =>
  Generations.use((generations) => generations.reconcile(intent, options))

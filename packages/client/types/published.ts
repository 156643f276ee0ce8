// Compiled after a build: what is published has the types of what was bundled.
import type * as published from "../dist/index.js"
import * as source from "../src/index.ts"

export const values: typeof published = source

export const toPublishedError = (error: source.ScenarioError): published.ScenarioError => error
export const toSourceRequest = (request: published.AnyRequest): source.AnyRequest => request

// Submits in its own process. Prints the intent before it sends, and the job if the response comes.
import process from "node:process"
import { Effect, Layer, Redacted } from "effect"
import { ApiHttp } from "../../src/http/ApiHttp.ts"
import { CdnHttp } from "../../src/http/CdnHttp.ts"
import { Scenario } from "../../src/Scenario.ts"
import { ScenarioConfig } from "../../src/ScenarioConfig.ts"
import { Generations } from "../../src/submit/Generations.ts"

const [baseUrl = "", apiKey = "", apiSecret = ""] = process.argv.slice(2)
const print = (line: unknown) => Effect.sync(() => void process.stdout.write(`${JSON.stringify(line)}\n`))

const live = Scenario.layer.pipe(
  Layer.provide([
    ScenarioConfig.layer({ baseUrl, apiKey: Redacted.make(apiKey), apiSecret: Redacted.make(apiSecret) }),
    ApiHttp.layerFetch(),
    CdnHttp.layerFetch(),
  ]),
)
await Effect.runPromise(
  Generations.use((generations) =>
    generations.submit(
      { model: "model_flux-composer", inputs: { prompt: "a red house" } },
      { onSending: (intent) => print({ intent }), onSubmitted: ({ job }) => print({ job }) },
    ),
  ).pipe(Effect.provide(live)),
)

import {
  type GenerationRequest,
  type GenerationTarget,
  type InputIssue,
  type InputValue,
  InvalidInput,
  type LoraChoice,
  requestFor,
} from "@scenario-automation/core"
import { getExtension, isEndpointName, parseJson, sniffType } from "@scenario-automation/core/host"
import { localFile } from "@scenario-automation/core/node"
import { Effect } from "effect"
import { existsSync } from "node:fs"
import { expandHome } from "./outFolder.ts"
import type { Given } from "./GivenInput.ts"
import { readPrompt } from "./readPrompt.ts"
import { readStdin } from "./readStdin.ts"

/** A generation as the user typed it. */
export interface TypedRequest {
  /** An endpoint's name, `workflow:<id>`, or a model's ID or name. */
  readonly target: string
  /** A prompt, `-` for stdin, or `@path`. */
  readonly prompt: string | undefined
  /** `name=value`, or `name:=json`. */
  readonly inputs: ReadonlyArray<string>
  /** `name=path`, `name=-`, `name=url` or `name=assetId`. */
  readonly files: ReadonlyArray<string>
  /** The strength of the target, if it is a LoRA. */
  readonly strength?: number | undefined
  /** `model`, or `model=strength`. */
  readonly loras?: ReadonlyArray<string> | undefined
  readonly baseModel?: string | undefined
}

const workflowPrefix = "workflow:"

/** Endpoint names win: no model has such an ID. */
export const parseTarget = (typed: string): GenerationTarget => {
  if (isEndpointName(typed)) return { endpoint: typed }
  return typed.startsWith(workflowPrefix)
    ? { workflow: typed.slice(workflowPrefix.length) }
    : { model: typed }
}

/** Builds the request from the flags, without sending anything. Values stay text: the model's schema decides their types. */
export const readRequest = Effect.fn("readRequest")(function* (
  typed: TypedRequest,
): Effect.fn.Return<GenerationRequest, InvalidInput> {
  const fromStdin = [
    ...(typed.prompt === "-" ? ["--prompt"] : []),
    ...typed.files.filter((file) => namedValue.exec(file)?.[3] === "-"),
  ]
  if (fromStdin.length > 1) {
    const message = `${fromStdin.join(" and ")} read it. Let only one of them read stdin.`
    return yield* new InvalidInput({ issues: [{ path: "stdin", message }] })
  }
  const prompts = typed.prompt === undefined ? [] : [yield* readPrompt(typed.prompt)]
  const inputs = typed.inputs.map(readInput)
  const files = yield* Effect.forEach(typed.files, readFile)
  const given = [...prompts, ...inputs, ...files]
  const issues = given.filter((one) => "message" in one)
  if (prompts.length > 0 && [...inputs, ...files].some((one) => isGiven(one) && one[0] === "prompt")) {
    issues.push({ path: "prompt", message: "It is set by --prompt and by an input. Pass only one of them." })
  }
  if (issues.length > 0) return yield* new InvalidInput({ issues })
  const { strength, baseModel, loras = [] } = typed
  const byName = Map.groupBy(given.filter(isGiven), ([name]) => name)
  return requestFor(
    parseTarget(typed.target),
    Object.fromEntries(
      [...byName].map(([name, values]) => [name, toValue(values.map(([, value]) => value))]),
    ),
    { strength, baseModel, loras: loras.length === 0 ? undefined : loras.map(readLora) },
  )
})

/** `model`, or `model=0.6`. A name can contain an equals sign. */
const readLora = (typed: string): LoraChoice => {
  const [, model, strength] = /^(.+)=(-?[\d.]+)$/s.exec(typed) ?? []
  return model === undefined ? typed : { model, strength: Number(strength) }
}

const isGiven = (one: Given | InputIssue): one is Given => !("message" in one)

/** A repeated name makes a list. */
const toValue = (values: ReadonlyArray<InputValue>): InputValue => (values.length === 1 ? values[0] : values)

const namedValue = /^([^=]*?)(:?)=(.*)$/s

const readInput = (typed: string): Given | InputIssue => {
  const [, name = "", raw, value = ""] = namedValue.exec(typed) ?? []
  if (name === "") return { path: "-i", message: `Expected name=value, got "${typed}".` }
  if (raw !== ":") return [name, value]
  try {
    return [name, parseJson(value)]
  } catch {
    return { path: name, message: `Expected JSON after :=, got "${value}".` }
  }
}

const readFile = (typed: string): Effect.Effect<Given | InputIssue> => {
  const [, name = "", colon = "", value = ""] = namedValue.exec(typed) ?? []
  if (name === "" || colon !== "" || value === "") {
    const message = `Expected name=path, name=url, or name=assetId, got "${typed}".`
    return Effect.succeed({ path: "-f", message })
  }
  if (value === "-") return readStdinFile(name)
  const asTyped = Effect.succeed<Given>([name, value])
  if (/^(https?|data):/i.test(value)) return asTyped
  const path = expandHome(value)
  if (!existsSync(path) && !looksLikePath(path)) return asTyped
  return Effect.match(localFile(path, name), {
    onSuccess: (file): Given | InputIssue => [name, file],
    onFailure: ({ issues: [issue], message }) => issue ?? { path: name, message },
  })
}

const readStdinFile = (name: string): Effect.Effect<Given | InputIssue> =>
  Effect.map(readStdin, (bytes): Given | InputIssue => {
    if (bytes.byteLength === 0)
      return { path: name, message: "Stdin is empty. Pipe a file into this command." }
    const contentType = sniffType(bytes)
    const extension = contentType === undefined ? "" : getExtension(contentType)
    return [name, { fileName: `stdin${extension}`, contentType, bytes }]
  })

/** An asset ID has neither a slash nor an extension. */
const looksLikePath = (value: string): boolean => /[/\\]/.test(value) || /\.\w{1,5}$/.test(value)

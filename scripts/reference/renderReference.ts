import type { Doc, Exported, Member } from "./readExports.ts"

/** The page: what the Promise front exports, then what the Effect front has in addition. */
export const renderReference = (
  promises: ReadonlyArray<Exported>,
  effects: ReadonlyArray<Exported>,
): string => {
  const shared = new Set(promises.map(getKey))
  const page = [
    "# Reference",
    'Generated from the docstrings by `scripts/reference/main.ts`. Durations that end in `Ms` are in milliseconds; Effect\'s durations are texts such as `"10 minutes"`, or milliseconds.',
    "## With Promises: `@scenario-automation/client`",
    ...renderPromises(unique(promises)),
    "## With Effect: `@scenario-automation/core`",
    "Requests, results, and errors are those of the client. `save`, `saveAll`, and `localFile` are in `@scenario-automation/core/node`.",
    ...renderEffects(unique(effects).filter((one) => !shared.has(getKey(one)))),
  ]
  return `${page.join("\n\n")}\n`
}

/** Methods, functions, and options without a docstring, and options whose docstring doesn't name the default. */
export const findUndocumented = (all: ReadonlyArray<Exported>): ReadonlyArray<string> => [
  ...new Set(
    all.flatMap((exported) => [
      ...(exported.kind === "function" && exported.doc === undefined ? [exported.name] : []),
      ...findUndocumentedMembers(exported.name, exported.members, isOptions(exported)),
    ]),
  ),
]

const findUndocumentedMembers = (
  path: string,
  members: ReadonlyArray<Member>,
  areOptions: boolean,
): ReadonlyArray<string> =>
  members.flatMap((member) => {
    const name = `${path}.${member.name}`
    const isOption = areOptions && member.isOptional
    const isDocumented = isOption ? /default/i.test(member.doc?.text ?? "") : member.doc !== undefined
    return [
      ...((member.isMethod || isOption) && !isDocumented ? [name] : []),
      ...findUndocumentedMembers(name, member.members, false),
    ]
  })

const renderPromises = (all: ReadonlyArray<Exported>): ReadonlyArray<string> => {
  const isFront = ({ name }: Exported) => ["createScenario", "Scenario", "PromiseAccount"].includes(name)
  const inputs = all.filter(({ file }) => file.includes("/endpoints/"))
  const others = all.filter((one) => !isFront(one) && !inputs.includes(one))
  return [
    "### The account",
    ...all.filter(({ name }) => name === "createScenario").map(renderFunction),
    ...all
      .filter(({ name }) => name === "Scenario" || name === "PromiseAccount")
      .toReversed()
      .flatMap(({ members }) => renderMethods("scenario", members)),
    "### Functions",
    ...others.filter(({ kind }) => kind === "function").map(renderFunction),
    ...renderTypes(others),
    "### Inputs of the named endpoints",
    ...inputs.filter(({ kind }) => kind !== "value").map(renderType),
  ]
}

const renderEffects = (all: ReadonlyArray<Exported>): ReadonlyArray<string> => [
  "### Functions",
  ...all.filter(({ kind }) => kind === "function").map(renderFunction),
  "### Services",
  ...all
    .filter(({ kind }) => kind === "class" || kind === "value")
    .flatMap((service) => [
      `#### ${service.name}`,
      ...renderDoc(service.doc),
      ...renderMethods(service.name, service.members),
    ]),
  ...renderTypes(all),
]

const renderTypes = (all: ReadonlyArray<Exported>): ReadonlyArray<string> => {
  const types = all.filter(({ kind }) => kind === "interface" || kind === "type").toSorted(byName)
  const errors = all.filter(({ kind, file }) => kind === "class" && !file.includes("/src/http/"))
  return [
    "### Options",
    ...types.filter(isOptions).map(renderType),
    "### Requests and results",
    ...types.filter((one) => !isOptions(one)).map(renderType),
    ...(errors.some(({ file }) => file.endsWith("/errors.ts"))
      ? ["### Errors", ...errors.map(renderType)]
      : []),
  ]
}

const renderFunction = ({ name, type, doc }: Exported): string =>
  [`#### ${name}`, code(`${name}${type}`), ...renderDoc(doc)].join("\n\n")

const renderMethods = (path: string, members: ReadonlyArray<Member>): ReadonlyArray<string> =>
  members.flatMap((member) => {
    const name = `${path}.${member.name}`
    if (member.members.length > 0) return renderMethods(name, member.members)
    const type = member.isMethod ? member.type : `: ${member.type}`
    return [[`#### ${name}`, code(`${name}${type}`), ...renderDoc(member.doc)].join("\n\n")]
  })

const renderType = ({ name, type, doc, parents, members }: Exported): string =>
  [
    `#### ${name}`,
    ...renderDoc(doc),
    ...(parents.length === 0 ? [] : [`Has all of ${parents.map((parent) => `\`${parent}\``).join(", ")}.`]),
    ...(type === "" ? [] : [code(type)]),
    ...(members.length === 0 ? [] : [members.map(renderField).join("\n")]),
  ].join("\n\n")

const renderField = ({ name, isOptional, isMethod, type, doc }: Member): string => {
  const bare = isOptional ? type.replace(/ \| undefined$/, "") : type
  const field = isMethod ? `${name}${bare}` : `${name}${isOptional ? "?" : ""}: ${bare}`
  return `- \`${field}\`${doc === undefined ? "" : `: ${doc.text}`}`
}

const renderDoc = (doc: Doc | undefined): ReadonlyArray<string> =>
  doc === undefined ? [] : [doc.text, ...(doc.example === undefined ? [] : [code(doc.example)])]

const code = (text: string): string => `\`\`\`ts\n${text}\n\`\`\``

const isOptions = ({ name }: Exported): boolean =>
  /(Options|Settings|Filters|Properties|Hints|Context)$/.test(name) && name !== "CheckedSettings"

const getKey = ({ name, file }: Exported): string => `${file} ${name}`

const unique = (all: ReadonlyArray<Exported>): ReadonlyArray<Exported> => [
  ...new Map(all.map((one) => [getKey(one), one])).values(),
]

const byName = (one: Exported, other: Exported): number => (one.name < other.name ? -1 : 1)

import type { INodeProperties } from "n8n-workflow"

export const modelField: INodeProperties = {
  displayName: "Model",
  name: "modelId",
  type: "resourceLocator",
  default: { mode: "list", value: "" },
  required: true,
  description: "One of your own models or a public model",
  modes: [
    {
      displayName: "From List",
      name: "list",
      type: "list",
      placeholder: "Select a model…",
      typeOptions: { searchListMethod: "searchModels", searchable: true },
    },
    {
      displayName: "By ID",
      name: "id",
      type: "string",
      placeholder: "e.g. model_GTrL3mq4SXWyMxkOHRxlpw",
      hint: "Shown on the model's page in Scenario",
    },
  ],
}

/**
 * Ends the names of listed models that need a mode. The panel shows Mode by this mark, because a display condition can read
 * only the name of a selected model. Mode can't be in the form, which n8n empties whenever another field changes it.
 */
export const needsMode = "(needs a mode…)"
/** If Scenario doesn't say whether the model needs a mode. */
export const mayNeedMode = "(may need a mode…)"

export const modeField: INodeProperties = {
  displayName: "Mode Name or ID",
  name: "mode",
  type: "options",
  typeOptions: { loadOptionsMethod: "getModes", loadOptionsDependsOn: ["modelId.value"] },
  displayOptions: {
    hide: {
      modelId: [""],
      // A model set by ID or by an expression has no name: the field is shown.
      "modelId.cachedResultName": [{ _cnd: { regex: "([^…]\\)|[^)])$" } }],
    },
  },
  default: "",
  description:
    'How to run the model, such as text to image or ControlNet. Only older Stable Diffusion and Flux models need a mode. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
}

export const workflowField: INodeProperties = {
  displayName: "Workflow",
  name: "workflowId",
  type: "resourceLocator",
  default: { mode: "list", value: "" },
  required: true,
  description: "Scenario workflow to run (also called an App in Scenario)",
  modes: [
    {
      displayName: "From List",
      name: "list",
      type: "list",
      placeholder: "Select a workflow…",
      typeOptions: { searchListMethod: "searchWorkflows", searchable: true },
    },
    { displayName: "By ID", name: "id", type: "string", placeholder: "e.g. wflow_GTrL3mq4SXWyMxkOHRxlpw" },
  ],
}

export const collectionField: INodeProperties = {
  displayName: "Collection",
  name: "collectionId",
  type: "resourceLocator",
  default: { mode: "list", value: "" },
  required: true,
  description: "Collection to add the assets to",
  modes: [
    {
      displayName: "From List",
      name: "list",
      type: "list",
      placeholder: "Select a collection…",
      typeOptions: { searchListMethod: "searchCollections", searchable: true },
    },
    { displayName: "By ID", name: "id", type: "string", placeholder: "e.g. col_GTrL3mq4SXWyMxkOHRxlpw" },
  ],
}

/**
 * Outside the form of inputs, because n8n empties the form when another model is selected.
 */
export const promptField: INodeProperties = {
  displayName: "Prompt",
  name: "prompt",
  type: "string",
  typeOptions: { rows: 3 },
  default: "",
  placeholder: "e.g. a red house by the sea, gouache",
  description: "What to generate. Leave empty only if the model takes no prompt.",
}

/** A form whose fields come from `getInputs`. It is loaded again when one of `dependsOn` changes. */
export const makeInputsField = (...dependsOn: ReadonlyArray<string>): INodeProperties => ({
  displayName: "Inputs",
  name: "inputs",
  type: "resourceMapper",
  noDataExpression: true,
  default: { mappingMode: "defineBelow", value: null },
  typeOptions: {
    loadOptionsDependsOn: [...dependsOn],
    resourceMapper: {
      resourceMapperMethod: "getInputs",
      mode: "add",
      fieldWords: { singular: "input", plural: "inputs" },
      valuesLabel: "Inputs",
      addAllFields: true,
      multiKeyMatch: false,
      supportAutoMap: false,
      noFieldsError: "Select a model or workflow to see its inputs",
    },
  },
})

export const jobIdField: INodeProperties = {
  displayName: "Job ID",
  name: "jobId",
  type: "string",
  default: "={{ $json.jobId }}",
  required: true,
  placeholder: "e.g. job_GTrL3mq4SXWyMxkOHRxlpw",
  description: "The ID returned by Start, Generate or the Scenario Trigger",
}

export const assetIdField: INodeProperties = {
  displayName: "Asset ID",
  name: "assetId",
  type: "string",
  default: "={{ $json.assetId }}",
  required: true,
  placeholder: "e.g. asset_GTrL3mq4SXWyMxkOHRxlpw",
}

/** Said once for all file inputs, because n8n shows no hint with a field of the form. */
export const fileNotice: INodeProperties = {
  displayName:
    "File inputs take the name of a binary field (such as data), an asset ID or a URL. Separate several with commas.",
  name: "fileNotice",
  type: "notice",
  default: "",
}

/** Scenario's current reference lists none of these endpoints: models do the same. */
export const olderEndpointNotice: INodeProperties = {
  displayName:
    "This operation uses an older endpoint of Scenario, which some accounts no longer have. To do the same with a model, use AI Generation: Generate.",
  name: "olderEndpointNotice",
  type: "notice",
  default: "",
}

export const costNotice: INodeProperties = {
  displayName:
    "Each input item starts one generation, which costs compute units. To check the price first, use AI Generation: Get Cost Estimate. To set a limit, use the Maximum Cost option.",
  name: "costNotice",
  type: "notice",
  default: "",
}

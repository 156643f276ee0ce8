import type { INodeProperties } from "n8n-workflow"

export const modelField: INodeProperties = {
  displayName: "Model",
  name: "modelId",
  type: "resourceLocator",
  default: { mode: "list", value: "" },
  required: true,
  description: "The model that generates: one of your own, or a public one",
  modes: [
    {
      displayName: "From List",
      name: "list",
      type: "list",
      placeholder: "Choose a model…",
      typeOptions: { searchListMethod: "searchModels", searchable: true },
    },
    {
      displayName: "By ID",
      name: "id",
      type: "string",
      placeholder: "model_…",
      hint: "Shown on the model's page in Scenario",
    },
  ],
}

/**
 * Ends the names of models in the list that need a mode, or may need one: the name that n8n keeps of a chosen model is all
 * that a field can be shown by. A mode among the inputs themselves would be the better place, but n8n empties that form,
 * the mode included, whenever something that it depends on changes.
 */
export const asksForMode = "…"

export const modeField: INodeProperties = {
  displayName: "Mode Name or ID",
  name: "mode",
  type: "options",
  typeOptions: { loadOptionsMethod: "getModes", loadOptionsDependsOn: ["modelId.value"] },
  displayOptions: {
    hide: {
      modelId: [""],
      // Of a model that was given by its ID, or by an expression, there is no name to tell by.
      "modelId.cachedResultName": [{ _cnd: { regex: `[^${asksForMode}]$` } }],
    },
  },
  default: "",
  description:
    'Only for models that need one, such as Stable Diffusion and Flux: text to image, ControlNet, IP-Adapter, textures. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
}

export const workflowField: INodeProperties = {
  displayName: "Workflow",
  name: "workflowId",
  type: "resourceLocator",
  default: { mode: "list", value: "" },
  required: true,
  description: "The Scenario workflow (App) to run",
  modes: [
    {
      displayName: "From List",
      name: "list",
      type: "list",
      placeholder: "Choose a workflow…",
      typeOptions: { searchListMethod: "searchWorkflows", searchable: true },
    },
    { displayName: "By ID", name: "id", type: "string", placeholder: "wflow_…" },
  ],
}

export const collectionField: INodeProperties = {
  displayName: "Collection",
  name: "collectionId",
  type: "resourceLocator",
  default: { mode: "list", value: "" },
  required: true,
  description: "The collection that the assets are put into",
  modes: [
    {
      displayName: "From List",
      name: "list",
      type: "list",
      placeholder: "Choose a collection…",
      typeOptions: { searchListMethod: "searchCollections", searchable: true },
    },
    { displayName: "By ID", name: "id", type: "string", placeholder: "col_…" },
  ],
}

/** The form of inputs, drawn from what Scenario says of the model, the workflow or the endpoint. */
export const inputsField = (...dependsOn: ReadonlyArray<string>): INodeProperties => ({
  displayName: "Inputs",
  name: "inputs",
  type: "resourceMapper",
  noDataExpression: true,
  default: { mappingMode: "defineBelow", value: null },
  required: true,
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
      noFieldsError: "Choose what to run first; its inputs then appear here.",
    },
  },
})

export const jobIdField: INodeProperties = {
  displayName: "Job ID",
  name: "jobId",
  type: "string",
  default: "={{ $json.jobId }}",
  required: true,
  placeholder: "job_…",
  description: "As Start, Generate or a trigger gives it",
}

export const assetIdField: INodeProperties = {
  displayName: "Asset ID",
  name: "assetId",
  type: "string",
  default: "={{ $json.assetId }}",
  required: true,
  placeholder: "asset_…",
}

/** Placeholder of a panel's cost. */
export const costNotice: INodeProperties = {
  displayName:
    "Every item is a generation of its own, and costs compute units. Estimate Cost tells how many; Maximum Cost, under Options, sets a limit.",
  name: "costNotice",
  type: "notice",
  default: "",
}

/** The editor shows here what most runs leave as it is: some models take dozens of inputs, and only need a prompt. */
export const optionalGroup = { key: "optional", label: "Optional Settings" }

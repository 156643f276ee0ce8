/** The texts in a result without assets, one a line: `{ prompts: […] }`, `{ translation }`, `{ captions: […] }`, … */
export const readOutputText = (output: Readonly<Record<string, unknown>> | undefined): string | undefined => {
  const texts = Object.values(output ?? {}).flatMap((value) =>
    (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === "string"),
  )
  return texts.length === 0 ? undefined : texts.join("\n")
}

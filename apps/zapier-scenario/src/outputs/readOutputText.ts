/** The text in a result without assets: `{ prompts: […] }`, `{ translation }`, `{ captions: […] }`, … One line each. */
export const readOutputText = (output: Readonly<Record<string, unknown>> | undefined): string | undefined => {
  const texts = Object.values(output ?? {}).flatMap((value) =>
    (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === "string"),
  )
  return texts.length === 0 ? undefined : texts.join("\n")
}

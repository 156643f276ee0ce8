/**
 * Whether a caller's value can be an ID of Scenario's. IDs are opaque, but none contains a space, a slash, or another
 * character that would lead a request to another path: such a value is a mistake, and is never sent.
 */
export const isId = (value: unknown): value is string =>
  typeof value === "string" && /^[!-~]{1,512}$/.test(value) && !/[/\\?#%]|\.\./.test(value) && value !== "."

/**
 * Whether an ID that the API gave can be part of a request's path once it is encoded. It may contain spaces, slashes, and
 * any letters, but not `..`: proxies decode a path and resolve that.
 */
export const isEncodableId = (value: unknown): value is string => {
  if (typeof value !== "string" || value.trim() === "" || value.length > 512) return false
  if (value === "." || value.includes("..")) return false
  try {
    return !/%[01][\dA-F]|%7F/.test(encodeURIComponent(value))
  } catch {
    // Half of a surrogate pair.
    return false
  }
}

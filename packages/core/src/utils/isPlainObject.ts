/** Whether the value is an object of its own keys only: no array, and no instance of a class. */
export const isPlainObject = (value: unknown): value is object =>
  typeof value === "object" &&
  value !== null &&
  [Object.prototype, null].includes(Object.getPrototypeOf(value))

export type { NameTemplate, NamingContext } from "./deliver/FileName.ts"
export {
  type NamingOptions,
  save,
  saveAll,
  type SavedFile,
  type SaveError,
  type SaveOptions,
} from "./deliver/node/save.ts"
export { localFile } from "./submit/node/localFile.ts"

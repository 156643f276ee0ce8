// What Scenario's API accepts at most. Limits that this library sets itself are next to what they limit, and defaults are
// in `defaults.ts`.

/** Jobs on a page of `GET /jobs`. */
export const maxJobPageSize = 200

/** Assets that one `POST /assets/get-bulk` reads. */
export const maxReadAssets = 200

/** Assets that one request deletes. */
export const maxDeletedAssets = 100

/** Assets that one request adds to a collection or removes from it. */
export const maxCollectedAssets = 49

/** Days that one usage report covers. */
export const maxUsageDays = 120

/** Parts of an upload. */
export const maxUploadParts = 10_000

/**
 * Bytes. A smaller image is sent in one call. The API's gateway accepts 10 MB of JSON, and base64 adds a third. Scenario's own
 * Blender plugin has the same limit.
 */
export const maxSmallImageBytes = 3_500_000

import type { Route } from "../http/Route.ts"
import { accountRoutes } from "./account.ts"
import { assetRoutes } from "./assets.ts"
import { collectionRoutes } from "./collections.ts"
import { customRoutes } from "./custom.ts"
import { generateRoutes } from "./generate.ts"
import { jobRoutes } from "./jobs.ts"
import { modelEditingRoutes } from "./modelEditing.ts"
import { modelRoutes } from "./models.ts"
import { searchRoutes } from "./search.ts"
import { uploadRoutes } from "./uploads.ts"
import { workflowRoutes } from "./workflows.ts"

/** All endpoints of the simulator. */
export const routes: ReadonlyArray<Route> = [
  ...customRoutes,
  ...generateRoutes,
  ...jobRoutes,
  ...assetRoutes,
  ...searchRoutes,
  ...uploadRoutes,
  ...modelRoutes,
  ...modelEditingRoutes,
  ...workflowRoutes,
  ...collectionRoutes,
  ...accountRoutes,
]

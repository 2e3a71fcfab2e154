import type { Route } from "./route.js";
import { accountRoutes } from "./routes/account-routes.js";
import { friendRoutes } from "./routes/friend-routes.js";
import { groupRoutes } from "./routes/group-routes.js";
import { historyRoutes } from "./routes/history-routes.js";

/** Every route: what is served, what is checked and what the document says. */
export const ROUTES: readonly Route[] = [...accountRoutes, ...friendRoutes, ...groupRoutes, ...historyRoutes];

/** Where the document of {@link ROUTES} is. */
export const DOCUMENT_PATH = "/openapi.json";

/** `shyim/http`: the HTTP API of the built-in accounts. Everything public is listed here by hand. */

export { createNodeHandler, type NodeHandler } from "../platform/node-handler.js";
export { createHttpApi, type HttpApi } from "./create-http-api.js";
export type { HttpApiOptions } from "./http-options.js";
export type { HttpServices } from "./http-services.js";

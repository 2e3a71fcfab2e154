import { fileURLToPath } from "node:url";
import { getConnInfo } from "@hono/node-server/conninfo";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";
import { secureHeaders } from "hono/secure-headers";
import type { HttpApi } from "shyim/http";

/** Where the built page is. */
export const pageFolder = fileURLToPath(new URL("./dist", import.meta.url));

/**
 * What the page may do: run and show what comes from here, and nothing else. No script in the document, no `eval`, no HTML
 * made of text, no frame around it. Pictures of messages are `blob:`.
 */
const contentSecurityPolicy = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'", "blob:"],
  connectSrc: ["'self'"],
  manifestSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
  requireTrustedTypesFor: ["'script'"],
  trustedTypes: ["'none'"],
};

/** No page needs them here, so none may ask for them. */
const permissionsPolicy = { camera: [], microphone: [], geolocation: [], payment: [], usb: [] };

/** The page, and below `/api` the HTTP API, behind the headers that keep strangers out. */
export function createApp(api: HttpApi): Hono {
  const app = new Hono();
  app.use(secureHeaders({ contentSecurityPolicy, permissionsPolicy, xFrameOptions: "DENY" }));
  // Limits against guessing count per address: it is handed on.
  app.all("/api/*", (c) => {
    const { address } = getConnInfo(c).remote;
    return api.fetch(c.req.raw, address === undefined ? {} : { address });
  });
  app.use(async (c, next) => {
    await next();
    if (c.res.ok) c.header("cache-control", cacheControl(c.req.path));
  });
  app.use(serveStatic({ root: pageFolder }));
  return app;
}

/** What the build puts into `/assets` has its checksum in its name: what changes is another file. */
function cacheControl(path: string): string {
  return path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache";
}

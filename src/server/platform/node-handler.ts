import type { IncomingMessage, ServerResponse } from "node:http";
import { getRequestListener } from "@hono/node-server";
import type { HttpApi } from "../http/create-http-api.js";
import { failure } from "../http/envelope.js";
import { withReadBody } from "./read-by-host.js";

/** A listener of `node:http`, and what Express takes as middleware. It answers every request it gets. */
export type NodeHandler = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Serves the API from Node: `createServer(handler)`; in Express `app.use("/im", handler)`, before `express.json()` or after it;
 * in Fastify in a plugin of its own that leaves bodies alone:
 *
 * ```ts
 * const handler = createNodeHandler(createHttpApi(im, { basePath: "/im" }));
 * app.register(async (scope) => {
 *   scope.removeAllContentTypeParsers();
 *   scope.addContentTypeParser("*", (_request, _body, done) => done(null));
 *   scope.all("/im/*", (request, reply) => {
 *     reply.hijack();
 *     handler(request.raw, reply.raw);
 *   });
 * });
 * ```
 */
export function createNodeHandler(api: HttpApi): NodeHandler {
  const listener = getRequestListener(
    (request, { incoming }) =>
      api.fetch(withReadBody(request, incoming as HostRequest), addressOf(incoming as IncomingMessage)),
    // The globals of whoever embeds this stay theirs.
    { overrideGlobalObjects: false, hostname: "localhost", errorHandler: refuse },
  );
  return (request, response) => void listener(request, response);
}

/** A request as frameworks leave it. */
type HostRequest = IncomingMessage & { readonly body?: unknown };

function addressOf({ socket }: IncomingMessage): { readonly address?: string } {
  return socket?.remoteAddress === undefined ? {} : { address: socket.remoteAddress };
}

/** Only for what does not even become a request: the API itself never rejects. */
function refuse(): Response {
  return failure(400, "invalid_argument", "the address or the header Host is not valid");
}

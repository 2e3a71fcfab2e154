import { Hono } from "hono";
import { ImError } from "../../core/errors.js";
import { UserRate } from "../connections/user-rate.js";
import type { CallOrigin } from "../im-accounts.js";
import { bodyFields } from "./body-fields.js";
import { clientAddress } from "./client-address.js";
import { preflight, shareWith } from "./cors.js";
import { failure, jsonResponse, success } from "./envelope.js";
import { explainFailure } from "./explain-failure.js";
import { formFields, parseUrlEncoded } from "./form-fields.js";
import { type HttpApiOptions, type HttpApiSettings, parseHttpOptions } from "./http-options.js";
import type { HttpServices } from "./http-services.js";
import { inputSchemaOf, openapiDocument } from "./openapi-document.js";
import type { RawFields } from "./parse-fields.js";
import type { Route } from "./route.js";
import { DOCUMENT_PATH, ROUTES } from "./route-table.js";
import { tokenOf } from "./token-of.js";

/** The HTTP API of the accounts, for every host that speaks `Request` and `Response`. */
export interface HttpApi {
  /**
   * Answers a request; never rejects.
   * @param info `address`: of the other end of the connection, for limits per address
   */
  fetch(request: Request, info?: { readonly address?: string }): Promise<Response>;
}

/** What Hono carries along with a request. */
interface Environment {
  readonly Bindings: { readonly from: CallOrigin };
}

/**
 * The HTTP API of the built-in accounts: sign-up, friends, groups, history; `GET /openapi.json` tells all of it.
 * Errors: one `invalid_argument` that lists every problem with the options.
 */
export function createHttpApi(services: HttpServices, options?: HttpApiOptions): HttpApi {
  const settings = parseHttpOptions(options);
  const app = createApp(services, settings);
  return {
    fetch: async (request, info) => {
      const question = preflight(request, settings.corsOrigins);
      const response = question ?? (await app.fetch(request, { from: originOf(request, info?.address, settings) }));
      return shareWith(request, response, settings.corsOrigins);
    },
  };
}

function createApp(services: HttpServices, settings: HttpApiSettings): Hono<Environment> {
  const app = new Hono<Environment>();
  const rate = new UserRate(settings.runtime);
  app.onError((error) => explainFailure(error, settings));
  app.notFound(() => failure(404, "not_found", "there is no such path"));
  for (const route of ROUTES) {
    const answer = createAnswer(route, services, settings, rate);
    app.on(route.method, `${settings.basePath}${route.path}`, ({ req, env }) => answer(req.raw, env.from));
  }
  const document = openapiDocument(ROUTES);
  app.get(`${settings.basePath}${DOCUMENT_PATH}`, () => jsonResponse(200, document));
  refuseOtherMethods(app, settings.basePath);
  return app;
}

function refuseOtherMethods(app: Hono<Environment>, basePath: string): void {
  for (const { path, method } of [...ROUTES, { path: DOCUMENT_PATH, method: "GET" }]) {
    const allow = method === "GET" ? "GET, HEAD" : method;
    app.all(`${basePath}${path}`, () => failure(405, "invalid_argument", `use ${method} here`, { allow }));
  }
}

/** Who is it, what do they want, do it: what is thrown on the way becomes the answer. */
function createAnswer(route: Route, services: HttpServices, settings: HttpApiSettings, rate: UserRate) {
  const readFields = createFieldReader(route, settings);
  return async (request: Request, from: CallOrigin): Promise<Response> => {
    try {
      const userId = route.needsToken ? await authenticate(services, request, from) : "";
      if (route.needsToken && route.method === "POST") assertRate(rate, userId);
      return success(await route.answer(await readFields(request), { services, from, userId }));
    } catch (error) {
      return explainFailure(error, settings, route.texts);
    }
  };
}

/** 5 changes a second, 20 at once: each may write to 2,000 inboxes. Errors: `rate_limited`. */
function assertRate(rate: UserRate, userId: string): void {
  if (!rate.take(userId)) throw new ImError("rate_limited", { retryAfterMs: 1_000 });
}

async function authenticate(services: HttpServices, request: Request, from: CallOrigin): Promise<string> {
  const token = tokenOf(request.headers);
  if (token === null) throw new ImError("unauthenticated");
  return (await services.authenticate(token, from)).userId;
}

function createFieldReader(route: Route, settings: HttpApiSettings): (request: Request) => Promise<RawFields> {
  const { properties } = inputSchemaOf(route);
  const lists = new Set(Object.keys(properties).filter((name) => properties[name]?.type === "array"));
  return async (request) => {
    const query = new URL(request.url).search.slice(1);
    if (route.method === "GET") return formFields(parseUrlEncoded(query), lists);
    if (query !== "")
      throw new ImError("invalid_argument", { message: "send the fields in the body, not in the address" });
    return bodyFields(request, settings.maxBodyBytes, lists);
  };
}

function originOf(request: Request, direct: string | undefined, { trustProxy }: HttpApiSettings): CallOrigin {
  const address = clientAddress(trustProxy === null ? null : request.headers.get(trustProxy), direct);
  return address === undefined ? {} : { address };
}

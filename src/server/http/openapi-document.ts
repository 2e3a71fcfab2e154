import { z } from "zod";
import { type ErrorCode, WIRE_CODES, WIRE_OK } from "../../core/errors.js";
import { BODY_TYPES } from "./body-fields.js";
import { statusOf } from "./explain-failure.js";
import type { Route } from "./route.js";

/** Any JSON. */
type Json = Readonly<Record<string, unknown>>;

const VERSION = "1.0.0";
const DESCRIPTION = `Every answer is { code, msg, data }. code is ${WIRE_OK} with HTTP 200 for what went well, otherwise one of: ${Object.entries(
  WIRE_CODES,
)
  .map(([name, code]) => `${code} ${name}`)
  .join(
    ", ",
  )}. A field that is not named here is refused. An id is a string; a safe integer is taken for its decimal digits.`;

const TOKENS = {
  bearer: { type: "http", scheme: "bearer" },
  token: {
    type: "apiKey",
    in: "header",
    name: "token",
    description: "The same token, as the original protocol has it",
  },
};
const FAILURE = {
  type: "object",
  required: ["code", "msg", "data"],
  properties: { code: { type: "integer" }, msg: { type: "string" }, data: { type: "null" } },
};

/** The OpenAPI 3.1 document of some routes. */
export function openapiDocument(routes: readonly Route[]): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes)
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(route) };
  return {
    openapi: "3.1.0",
    info: { title: "shyim accounts", version: VERSION, description: DESCRIPTION },
    // Relative to the document, so right under whatever prefix a host has mounted it.
    servers: [{ url: "." }],
    paths,
    components: { schemas: { Failure: FAILURE }, securitySchemes: TOKENS },
  };
}

/** The JSON schema of what a route takes, field by field. */
export function inputSchemaOf(route: Route): {
  readonly properties: Readonly<Record<string, Json>>;
  readonly required: readonly string[];
} {
  const { properties = {}, required = [] } = z.toJSONSchema(route.input, { io: "input" });
  return { properties: properties as Readonly<Record<string, Json>>, required };
}

function operationOf(route: Route): Json {
  return {
    operationId: `${route.method.toLowerCase()}${route.path.replaceAll("/", "_")}`,
    summary: route.summary,
    security: route.needsToken ? [{ bearer: [] }, { token: [] }] : [],
    ...(route.method === "GET" ? { parameters: parametersOf(route) } : { requestBody: bodyOf(route) }),
    responses: { 200: successOf(route), ...failuresOf(route) },
  };
}

function parametersOf(route: Route): readonly Json[] {
  const { properties, required } = inputSchemaOf(route);
  return Object.entries(properties).map(([name, schema]) => ({
    ...{ name, in: "query", required: required.includes(name), schema },
  }));
}

function bodyOf(route: Route): Json {
  const { properties, required } = inputSchemaOf(route);
  const schema = { type: "object", properties, required, additionalProperties: false };
  const content = Object.fromEntries(BODY_TYPES.map((type) => [type, { schema }]));
  return { required: required.length > 0, content };
}

function successOf(route: Route): Json {
  const { $schema: _, ...data } = z.toJSONSchema(route.output);
  const properties = { code: { const: WIRE_OK }, msg: { type: "string" }, data };
  const schema = { type: "object", required: ["code", "msg", "data"], properties };
  return { description: "It went well", content: { "application/json": { schema } } };
}

/** Every code a route may fail with. */
export function failureCodesOf(route: Route): readonly ErrorCode[] {
  const always = ["invalid_argument", "rate_limited", "internal", "busy"] as const;
  const ofBodies = route.method === "POST" ? (["too_large"] as const) : [];
  const ofTokens = route.needsToken ? (["unauthenticated"] as const) : [];
  return [...new Set<ErrorCode>([...always, ...ofBodies, ...ofTokens, ...route.failures])];
}

function failuresOf(route: Route): Json {
  const byStatus = new Map<number, string[]>(route.method === "POST" ? [[415, ["invalid_argument"]]] : []);
  for (const code of failureCodesOf(route))
    byStatus.set(statusOf(code), [...(byStatus.get(statusOf(code)) ?? []), code]);
  return Object.fromEntries([...byStatus].map(([status, codes]) => [status, failureOf(codes)]));
}

function failureOf(codes: readonly string[]): Json {
  const schema = { $ref: "#/components/schemas/Failure" };
  return { description: codes.join(", "), content: { "application/json": { schema } } };
}

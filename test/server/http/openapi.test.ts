import { Validator } from "@seriousme/openapi-schema-validator";
import { beforeAll, describe, expect, it } from "vitest";
import { failureCodesOf } from "../../../src/server/http/openapi-document.js";
import { ROUTES } from "../../../src/server/http/route-table.js";
import { HttpStage } from "./http-stage.js";

interface Operation {
  readonly security: readonly object[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: { readonly properties: object } }>>;
  };
  readonly responses: Readonly<Record<string, object>>;
}
interface Document {
  readonly openapi: string;
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}
let document: Document;

async function fetchDocument(stage: HttpStage, path = "/openapi.json"): Promise<Document> {
  const response = await stage.api.fetch(new Request(`http://chat.test${path}`));
  expect(response.status).toBe(200);
  return (await response.json()) as Document;
}

beforeAll(async () => {
  document = await fetchDocument(new HttpStage());
});

describe("the OpenAPI document", () => {
  it("is valid OpenAPI 3.1", async () => {
    expect(document.openapi).toBe("3.1.0");
    expect(await new Validator().validate(JSON.parse(JSON.stringify(document)))).toEqual({ valid: true });
  });

  it("has every route and no other", () => {
    const told = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(told.sort()).toEqual(ROUTES.map(({ method, path }) => `${method} ${path}`).sort());
    expect(new Set(told).size).toBe(ROUTES.length);
  });

  it("has the routes of the original protocol", () => {
    const original = ["/register", "/login", "/friend/add", "/group/create", "/group_user/list"];
    expect(Object.keys(document.paths)).toEqual(expect.arrayContaining(original));
  });

  it.each(ROUTES.map((route) => [`${route.method} ${route.path}`, route] as const))(
    "says of %s what it takes",
    (_name, route) => {
      const operation = document.paths[route.path]?.[route.method.toLowerCase()];
      const fields = Object.keys(route.input.shape);
      expect(operation?.parameters?.map(({ name }) => name) ?? fields).toEqual(fields);
      for (const { schema } of Object.values(operation?.requestBody?.content ?? {})) {
        expect(schema).toMatchObject({ additionalProperties: false });
        expect(Object.keys(schema.properties)).toEqual(fields);
      }
      expect(operation?.requestBody === undefined).toBe(route.method === "GET");
      expect(operation?.security.length).toBe(route.needsToken ? 2 : 0);
      expect(Object.keys(operation?.responses ?? {})).toEqual(
        expect.arrayContaining(["200", "400", "429", "500", "503"]),
      );
      expect(failureCodesOf(route).includes("unauthenticated")).toBe(route.needsToken || route.path === "/login");
    },
  );

  it("tells the truth about who needs a token", async () => {
    const stage = new HttpStage();
    for (const { method, path, needsToken } of ROUTES) {
      const { status } = await stage.ask(path, { method });
      expect([path, status]).toEqual([path, needsToken ? 401 : 400]);
    }
  });

  it("tells the truth about what is answered", async () => {
    const stage = new HttpStage();
    const { id } = (await stage.post("/group/create", { name: "team", ids: ["2"] })).data;
    stage.accounts.say("1", { groupId: id }, "hello");
    await stage.post("/friend/add", { friend_id: "2" });
    for (const route of ROUTES.filter(({ method }) => method === "GET")) {
      const query = "group_id" in route.input.shape ? `?group_id=${id}` : "";
      const { data } = await stage.get(`${route.path}${query}`);
      expect([route.path, route.output.safeParse(data).error]).toEqual([route.path, undefined]);
    }
  });

  it("says where the API is, relative to itself, so that it is right wherever a host has mounted it", async () => {
    expect(document.servers).toEqual([{ url: "." }]);
    const moved = await fetchDocument(new HttpStage({ basePath: "/im" }), "/im/openapi.json");
    expect(moved.servers).toEqual([{ url: "." }]);
  });
});

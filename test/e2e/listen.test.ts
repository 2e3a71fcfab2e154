import { createImClient } from "shyim/client";
import { expect, it } from "vitest";
import { openServer } from "./stage.js";

it("listen() answers an address a client can use as it is", async () => {
  const { im, url } = await openServer();
  const client = createImClient({ url, token: "ada" });
  await client.connect();
  expect(client.userId).toBe("ada");
  await client.close();
  await im.close();
});

import { createServer } from "node:http";
import { createImServer, type Identity, type ImServerOptions } from "shyim";
import { type ClientOptions, createImClient, type ImMessage } from "shyim/client";

const options: ImServerOptions = { auth: { authenticate: (token): Identity => ({ userId: token }) } };
const server = createServer();
const im = createImServer(options);
im.attach(server);
await im.start();
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const address = server.address();
if (address === null || typeof address === "string") throw new Error(`listening at ${address}`);

const client: ClientOptions = { url: `ws://127.0.0.1:${address.port}/ws`, token: "bob" };
const bob = createImClient(client);
const nextMessage = new Promise<ImMessage>((resolve) => bob.on("message", resolve));
await bob.connect();
await im.messages.send({ to: { userId: "bob" }, text: "hello from node16 (mts)" });
console.log(`node16: received "${(await nextMessage).text}"`);

server.close();
await bob.close();
await im.close();

import { createImServer } from "shyim";
import { createImClient, ImError, type ImMessage } from "shyim/client";

const im = createImServer({ auth: { authenticate: (token) => (token === "" ? null : { userId: token }) } });
const { url } = await im.listen(0, { host: "127.0.0.1" });
const bob = createImClient({ url, token: "bob" });

const nextMessage = new Promise<ImMessage>((resolve) => bob.on("message", resolve));
await bob.connect();
const refused = await bob.send({ to: { userId: "not an id" }, text: "" }).catch((error: unknown) => error);
if (!(refused instanceof ImError)) throw new Error("a message to no id should have been refused");
await im.messages.send({ to: { userId: "bob" }, text: "hello from bundler" });
console.log(`bundler: received "${(await nextMessage).text}"`);

await bob.close();
await im.close();

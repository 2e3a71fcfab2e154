import { createImClient } from "shyim/client";

const im = createImClient({ url: process.argv[2], token: "node" });
im.on("message", (message) => {
  console.log(`next: received "${message.text}"`);
  im.close();
});
await im.connect();

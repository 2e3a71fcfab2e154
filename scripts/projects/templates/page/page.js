import { createImClient } from "shyim/client";

const im = createImClient({ url: `ws://${location.host}/ws`, token: "page" });
im.on("message", (message) => {
  console.log(`page: received "${message.text}"`);
  im.close();
});
im.connect();

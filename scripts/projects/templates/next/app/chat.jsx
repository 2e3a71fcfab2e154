"use client";

import { useEffect, useState } from "react";
import { createImClient } from "shyim/client";

export function Chat() {
  const [text, setText] = useState("");
  useEffect(() => {
    const im = createImClient({ url: `ws://${location.host}/ws`, token: "page" });
    im.on("message", (message) => {
      console.log(`page: received "${message.text}"`);
      setText(message.text);
    });
    im.connect();
    return () => void im.close();
  }, []);
  return <p>{text}</p>;
}

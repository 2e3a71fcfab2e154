import { Chat } from "./chat";

export default function Page() {
  return (
    <main>
      <h1>A page with a chat</h1>
      <Chat />
    </main>
  );
}

/**
 * Two people chat, and one link breaks. Everything is real and in this one process: a server, two WebSocket clients, and a
 * piece of network for Bob that can be cut. Run it with `npm start`.
 */
import { randomUUID } from "node:crypto";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { createImServer } from "shyim";
import { createImClient, type ImMessage } from "shyim/client";

// --- The server. Your application says who a token belongs to; here two random tokens stand for your sessions. ---------

const tokens = { Ada: randomUUID(), Bob: randomUUID() };
const users = new Map(Object.entries(tokens).map(([userId, token]) => [token as string, { userId }]));

const server = createImServer({ auth: { authenticate: (token) => users.get(token) ?? null } });
const { url, port } = await server.listen(0, { host: "127.0.0.1" });

// --- The clients. A message appears on a screen when its turn in the inbox has come, own messages too. -----------------

let written = 0;
function sitDown(name: "Ada" | "Bob", url: string) {
  const im = createImClient({ url, token: tokens[name] });
  const screen: ImMessage[] = [];
  im.on("message", (message) => {
    screen.push(message);
    print(name, `${message.senderId}: ${message.text}`);
  });
  /** Resolves when the server has stored the message; until then the client looks after it, online or not. */
  const say = (text: string) => {
    written++;
    return im.send({ to: { userId: name === "Ada" ? "Bob" : "Ada" }, text });
  };
  /** Resolves when `count` messages are on the screen. */
  const sees = async (count: number) => {
    while (screen.length < count) {
      let stop = () => {};
      await new Promise((look) => {
        stop = im.on("message", look);
      });
      stop();
    }
  };
  return { im, screen, say, sees };
}

// --- Bob's piece of network: it can go deaf (nothing comes back to Bob any more), be cut, and be mended. ---------------

async function layWire(targetPort: number) {
  const links = new Set<readonly [near: Socket, far: Socket]>();
  let isCut = false;
  const wire = createServer((near) => {
    if (isCut) return near.destroy();
    const far = connect(targetPort, "127.0.0.1");
    const link = [near, far] as const;
    links.add(link);
    for (const socket of link) socket.on("error", () => {}).on("close", () => end(link));
    near.pipe(far).pipe(near);
  });
  const end = (link: readonly [Socket, Socket]) => links.delete(link) && link.map((socket) => socket.destroy());
  const goDeaf = () => links.forEach(([near, far]) => void far.unpipe(near).resume());
  const setCut = (cut: boolean) => {
    isCut = cut;
    if (cut) links.forEach(end);
  };
  await new Promise<void>((resolve) => wire.listen(0, "127.0.0.1", resolve));
  const { port } = wire.address() as AddressInfo;
  return { port, goDeaf, cut: () => setCut(true), mend: () => setCut(false), close: () => wire.close() };
}

// --- The terminal: Ada's screen on the left, Bob's on the right. -------------------------------------------------------

const isTerminal = process.stdout.isTTY && process.env.NO_COLOR === undefined;
const paint = (colour: number, text: string) => (isTerminal ? `\x1b[${colour}m${text}\x1b[0m` : text);
const pause = () => new Promise((resolve) => setTimeout(resolve, process.stdout.isTTY ? 500 : 0));
const note = (line: string) => console.log(paint(2, `--- ${line} ---`));
const print = (name: string, line: string) =>
  console.log(name === "Ada" ? `${paint(36, line.padEnd(40))}|` : `${" ".repeat(40)}| ${paint(33, line)}`);

// --- The conversation. -------------------------------------------------------------------------------------------------

const wire = await layWire(port);
const ada = sitDown("Ada", url);
const bob = sitDown("Bob", url.replace(`${port}`, `${wire.port}`));
await Promise.all([ada.im.connect(), bob.im.connect()]);
console.log(`A server at ${url}, Ada and Bob are connected.\n\n${"Ada's screen".padEnd(40)}| Bob's screen`);

await ada.say("Hi Bob! Are you on the train?");
await pause();
await bob.say("Just left. The signal is fine.");
await pause();
await ada.say("Careful, there is the long tunnel.");
await bob.sees(written);
await pause();

note("Bob's link goes deaf: what he writes gets out, no answer comes back");
wire.goDeaf();
const unanswered = [bob.say("I know, it begins right now.")];
await ada.sees(written);
wire.cut();
note("now it is cut; Ada notices nothing");
for (const text of ["Bob?", "I put the soup on the stove.", "Come home hungry!"]) {
  await pause();
  await ada.say(text);
}
unanswered.push(bob.say("(tunnel) I am hungry."), bob.say("(tunnel) Is there soup?"));
await pause();
note(`Bob is ${bob.im.state.name} with ${bob.im.outbox.length} messages in his outbox; the link is mended`);
wire.mend();
await Promise.all([...unanswered, ada.sees(written), bob.sees(written)]);
await Promise.all([ada.im.close(), bob.im.close()]);
await server.close();
wire.close();

// --- What happened, counted. -------------------------------------------------------------------------------------------

const [left, right] = [ada, bob].map(({ screen }) => screen.map(({ messageId }) => messageId)) as [string[], string[]];
const distinct = [left, right].map((ids) => new Set(ids).size).reduce((a, b) => a + b);
const doubled = left.length + right.length - distinct;
const lost = 2 * written - distinct;
const sameOrder = left.join() === right.join();
console.log(`\nsent ${written}, shown ${left.length} on Ada's screen and ${right.length} on Bob's`);
console.log(
  `doubled ${doubled}, lost ${lost}, ${sameOrder ? "the same order on both screens" : "NOT in the same order"}`,
);
process.exitCode = doubled === 0 && lost === 0 && sameOrder ? 0 : 1;

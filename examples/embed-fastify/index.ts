/**
 * A support desk on Fastify: its own people, sessions that can be ended, a second WebSocket that is none of the chat's.
 * Run it: `npx tsx examples/embed-fastify/index.ts`. What each route does stands in the README beside this file.
 */
import type { IncomingMessage, Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { pathToFileURL } from "node:url";
import createFastify, { type FastifyInstance, type FastifyRequest } from "fastify";
import { createImServer, ImError, type ImServer, wsTransport } from "shyim";
import { WebSocketServer } from "ws";
import { People } from "./people.js";
import { type Session, SessionTable } from "./session-table.js";

const CHAT_PATH = "/chat";
const CLOCK_PATH = "/clock";
const DESK = "desk";

/** How to start. */
export interface StartOptions {
  /** Default: `PORT`, else 3000. 0 takes a free one. */
  readonly port?: number;
  /** Pages that may open the chat. Default: `APP_ORIGINS`, separated by commas, else this machine's own page. */
  readonly origins?: readonly string[];
  /** Who works here; each gets a random code to sign in with. */
  readonly names?: readonly string[];
}

/** Starts application and chat. */
export async function start(options: StartOptions = {}) {
  const { port = Number(process.env.PORT ?? 3000), names = ["Ada", "Bob"] } = options;
  const origins = options.origins ?? process.env.APP_ORIGINS?.split(",") ?? [`http://localhost:${port}`];
  const people = new People();
  const sessions = new SessionTable();
  const invitations = names.map((name) => people.invite(name));

  const im = createImServer({
    auth: {
      authenticate: (token) => sessions.find(token),
      // Without it every valid id would have an inbox; here only the desk's people have one.
      exists: (userId) => people.has(userId),
    },
    transport: wsTransport({ path: CHAT_PATH, origins }),
    hooks: {
      beforeSend: ({ message }) => {
        if (message.text?.trim() === "") throw new ImError("invalid_argument", { message: "write something" });
      },
    },
  });
  const app = createFastify();
  im.attach(app.server);
  serveClock(app.server);
  addRoutes(app, { im, people, sessions });

  await im.start();
  const [owner, ...others] = people.all.map(({ id }) => id);
  if (owner !== undefined) await im.groups.create({ id: DESK, name: "Support", ownerId: owner, memberIds: others });
  await app.listen({ port, host: "127.0.0.1" });
  const host = `localhost:${(app.server.address() as AddressInfo).port}`;

  // Both at once: whoever comes back while the chat drains must find nobody who accepts a connection.
  const close = async () => {
    await Promise.all([im.close(), app.close()]);
  };
  return { url: `http://${host}`, chatUrl: `ws://${host}${CHAT_PATH}`, invitations, close };
}

interface Parts {
  readonly im: ImServer;
  readonly people: People;
  readonly sessions: SessionTable;
}

/** Ordinary routes. In a public application `/login` also needs a rate limit. */
function addRoutes(app: FastifyInstance, { im, people, sessions }: Parts): void {
  app.get("/health", () => ({ ok: true }));

  app.post("/login", { schema: { body: CREDENTIALS } }, async (request, reply) => {
    const { name, code } = request.body as { name: string; code: string };
    const person = people.signIn(name, code);
    if (person === null) return reply.code(401).send({ error: "wrong name or code" });
    return { ...sessions.open(person.id), chatPath: CHAT_PATH, desk: DESK };
  });

  // Revocation: first no token is good any more, then the sockets are closed (4410).
  app.post("/logout-everywhere", async (request, reply) => {
    const session = sessionOf(request, sessions);
    if (session === null) return reply.code(401).send({ error: "sign in first" });
    sessions.endAll(session.userId);
    return { closed: await im.sessions.disconnect(session.userId, { reason: "signed out everywhere" }) };
  });

  // A repeated request is the same delivery, and by its key the same message: the desk reads it once.
  app.put("/orders/:orderId/shipped", { schema: { params: ORDER } }, async (request, reply) => {
    if (sessionOf(request, sessions) === null) return reply.code(401).send({ error: "sign in first" });
    const { orderId } = request.params as { orderId: string };
    const text = `Order ${orderId} has shipped.`;
    return im.messages.send({ to: { groupId: DESK }, text, key: `order-shipped ${orderId}` });
  });
}

const text = (maxLength: number) => ({ type: "string", minLength: 1, maxLength });
const CREDENTIALS = { type: "object", required: ["name", "code"], properties: { name: text(50), code: text(50) } };
const ORDER = { type: "object", properties: { orderId: text(64) } };

function sessionOf(request: FastifyRequest, sessions: SessionTable): Session | null {
  const [scheme, token] = (request.headers.authorization ?? "").split(" ");
  return scheme === "Bearer" && token !== undefined ? sessions.find(token) : null;
}

/** A WebSocket of the application itself, beside the chat: says what time it is. An application
 * that listens for upgrades itself answers all that are not the chat's: one that nobody answers stays open. */
function serveClock(server: Server): void {
  const clock = new WebSocketServer({ noServer: true, maxPayload: 1_024 });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const path = (request.url ?? "").split("?", 1)[0];
    if (path === CHAT_PATH) return;
    if (path === CLOCK_PATH) clock.handleUpgrade(request, socket, head, (ws) => tellTime(ws));
    else
      socket.on("error", () => {}).end("HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n", () => socket.destroy());
  });
}

function tellTime(socket: { send(text: string): void; close(code: number): void }): void {
  socket.send(new Date().toISOString());
  socket.close(1000);
}

async function main(): Promise<void> {
  const { url, chatUrl, invitations, close } = await start();
  console.log(`the application: ${url}\nthe chat:        ${chatUrl}\nCtrl-C ends both\n`);
  for (const { name, code } of invitations) console.log(`${name} signs in with ${JSON.stringify({ name, code })}`);
  process.once("SIGINT", () => void close());
  process.once("SIGTERM", () => void close());
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await main();

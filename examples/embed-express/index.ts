/**
 * An Express application with users and sessions of its own, and a chat on the same port.
 * Run it: `npx tsx examples/embed-express/index.ts`. What each route does stands in the README beside this file.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { pathToFileURL } from "node:url";
import express, { type Express, type Request } from "express";
import { createImServer, type ImServer, wsTransport } from "shyim";
import { type Session, SessionTokens } from "./session-tokens.js";
import { Users } from "./users.js";

const CHAT_PATH = "/chat";
const TEAM = "team";
/** A user that never signs in: it owns the group. */
const SHOP = "shop";

/** How to start; everything has a safe default. */
export interface StartOptions {
  /** Default: `PORT`, else 3000. 0 takes a free one. */
  readonly port?: number;
  /** Pages that may open the chat. Default: `APP_ORIGINS`, separated by commas, else this machine's own page. */
  readonly origins?: readonly string[];
  /** At least 32 characters. Default: `SESSION_SECRET`, else a random one. */
  readonly secret?: string | undefined;
}

/** Starts application and chat. */
export async function start(options: StartOptions = {}) {
  const { port = Number(process.env.PORT ?? 3000), secret = process.env.SESSION_SECRET } = options;
  const origins = options.origins ?? process.env.APP_ORIGINS?.split(",") ?? [`http://localhost:${port}`];
  const users = new Users();
  const tokens = new SessionTokens(secret);
  const app = express();
  const server = createServer(app);

  const im = createImServer({
    // The whole bridge between your users and the chat. The token comes in the first frame, never in the address.
    auth: { authenticate: (token) => tokens.verify(token) },
    transport: wsTransport({ path: CHAT_PATH, origins }),
  });
  // From now on the chat takes the upgrades at its path. All others are answered 404, until you listen for upgrades, too.
  im.attach(server);
  await im.start();
  await im.groups.create({ id: TEAM, name: "The whole team", ownerId: SHOP, memberIds: [] });

  addRoutes(app, { im, users, tokens });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
  const host = `localhost:${(server.address() as AddressInfo).port}`;

  // First nobody is accepted any more (a client that comes back tries again later), then the chat drains.
  const close = async () => {
    const stopped = new Promise((resolve) => server.close(resolve));
    await im.close();
    server.closeAllConnections();
    await stopped;
  };
  return { url: `http://${host}`, chatUrl: `ws://${host}${CHAT_PATH}`, server, close };
}

interface Parts {
  readonly im: ImServer;
  readonly users: Users;
  readonly tokens: SessionTokens;
}

/** Ordinary routes. In a public application `/register` and `/login` also need a rate limit. */
function addRoutes(app: Express, { im, users, tokens }: Parts): void {
  app.use(express.json({ limit: "10kb" }));

  app.get("/health", (_request, response) => void response.json({ ok: true }));

  app.post("/register", async (request, response) => {
    const { name, password } = credentials(request);
    if (name.length < 1 || name.length > 50 || password.length < 12 || password.length > 200) {
      return void response.status(400).json({ error: "name: 1–50 characters, password: 12–200 characters" });
    }
    const user = await users.register(name, password);
    if (user === null) return void response.status(409).json({ error: "this name is taken" });
    await im.groups.add(TEAM, [user.id]);
    response.status(201).json(user);
  });

  app.post("/login", async (request, response) => {
    const { name, password } = credentials(request);
    const user = await users.login(name, password);
    if (user === null) return void response.status(401).json({ error: "wrong name or password" });
    response.json({ ...tokens.issue(user.id), chatPath: CHAT_PATH, team: TEAM });
  });

  // A repeated request is the same order, and by its key the same message: the buyer reads it once.
  app.put("/orders/:orderId", async (request, response) => {
    const session = sessionOf(request, tokens);
    if (session === null) return void response.status(401).json({ error: "sign in first" });
    const { orderId } = request.params;
    if (orderId.length > 64) return void response.status(400).json({ error: "orderId: at most 64 characters" });
    const { messageId } = await im.messages.send({
      to: { userId: session.userId },
      text: `Order ${orderId} is on its way to you.`,
      key: `order-shipped ${session.userId} ${orderId}`,
    });
    response.json({ orderId, messageId });
  });
}

function credentials(request: Request): { name: string; password: string } {
  const { name, password } = (request.body ?? {}) as Record<string, unknown>;
  return { name: typeof name === "string" ? name : "", password: typeof password === "string" ? password : "" };
}

function sessionOf(request: Request, tokens: SessionTokens): Session | null {
  const [scheme, token] = (request.headers.authorization ?? "").split(" ");
  return scheme === "Bearer" && token !== undefined ? tokens.verify(token) : null;
}

async function main(): Promise<void> {
  const { url, chatUrl, close } = await start();
  console.log(`the application: ${url}\nthe chat:        ${chatUrl}\nCtrl-C ends both`);
  process.once("SIGINT", () => void close());
  process.once("SIGTERM", () => void close());
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await main();

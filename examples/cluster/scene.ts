/** What the example plays: two people, three devices, three nodes, one of which dies. */
import { openFrontDoor } from "./front-door.js";
import type { NodeProcess } from "./node-process.js";
import { call, type Device, lineOf, type Person, signIn, signUp } from "./people.js";
import { note, pause, printHeads, printOn } from "./terminal.js";

type Recipient = { readonly userId: string } | { readonly groupId: string };

/** Two people at three devices, and how much was written. */
interface Stage {
  readonly ada: Person;
  readonly bob: Person;
  readonly desk: Device;
  readonly telephone: Device;
  readonly laptop: Device;
  /** Writes; resolves when it is stored. */
  say(device: Device, to: Recipient, text: string): Promise<void>;
  /** Resolves when everything that was written is on every screen. */
  allShow(more?: number): Promise<void>;
  readonly written: number;
  close(): Promise<void>;
}

/** Plays it at three nodes; answers the exit code, 0 when everything came once and in order. */
export async function playScene([a, b, c]: readonly NodeProcess[]): Promise<number> {
  if (a === undefined || b === undefined || c === undefined) throw new Error("the scene needs three nodes");
  const stage = await openStage(a, b, c);
  await singleChat(stage);
  await groupChat(stage, a);
  await killedNode(stage, b);
  await printHealth([a, c]);
  await signedOutEverywhere(stage, a);
  await stage.close();
  return count(stage);
}

async function openStage(a: NodeProcess, b: NodeProcess, c: NodeProcess): Promise<Stage> {
  const [ada, bob] = [await signUp(a, "Ada", "+41 79 000 00 01"), await signUp(b, "Bob", "+41 79 000 00 02")];
  // The telephone goes through a balancer, so that its address stays when its node dies.
  const door = await openFrontDoor([b.url, c.url]);
  const show = (column: number) => (item: Parameters<typeof lineOf>[0]) => printOn(column, lineOf(item, [ada, bob]));
  printHeads(["Ada, at node A", "Bob's telephone, at node B", "Bob's laptop, at node C"]);
  const desk = await signIn(ada, a.url, show(0));
  const telephone = await signIn(bob, door.url, show(1));
  const laptop = await signIn(bob, c.url, show(2));
  const devices = [desk, telephone, laptop];
  let written = 0;
  return {
    ...{ ada, bob, desk, telephone, laptop },
    say: async ({ im }, to, text) => {
      written++;
      await im.send({ to, text });
    },
    allShow: async (more = 0) => {
      written += more;
      await Promise.all(devices.map((device) => device.shows(written)));
    },
    get written() {
      return written;
    },
    close: async () => {
      await Promise.all(devices.map(({ im }) => im.close()));
      door.close();
    },
  };
}

async function singleChat({ ada, bob, desk, telephone, laptop, say, allShow }: Stage): Promise<void> {
  note("the number is the place in the inbox: both of Bob's devices, at two nodes, show the same one");
  await say(desk, { userId: bob.userId }, "Are you at the station?");
  await allShow();
  await pause();
  await say(telephone, { userId: ada.userId }, "On platform 3.");
  await allShow();
  await pause();
  await say(laptop, { userId: ada.userId }, "(my laptop is, too)");
  await allShow();
  await pause();
}

async function groupChat({ ada, bob, desk, telephone, say, allShow }: Stage, a: NodeProcess): Promise<void> {
  note("Ada makes a group at node A");
  const { id } = await call(a, "/group/create", { name: "Crew", ids: [bob.userId] }, ada.token);
  const crew = { groupId: String(id) };
  await allShow(1); // what the group says of itself
  await say(desk, crew, "Who brings the map?");
  await say(telephone, crew, "I have it.");
  await allShow();
  await pause();
}

async function killedNode({ ada, bob, desk, telephone, say, allShow }: Stage, b: NodeProcess): Promise<void> {
  note("kill -9 of node B, where Bob's telephone is; nobody tells anybody");
  const diedAt = performance.now();
  await b.kill();
  await say(desk, { userId: bob.userId }, "Our train is at 9:04.");
  await say(telephone, { userId: ada.userId }, "I am there.");
  await allShow();
  const seconds = ((performance.now() - diedAt) / 1_000).toFixed(1);
  note(`${seconds} s later the telephone is at node C, and everything is on every screen`);
  await pause();
}

async function printHealth(nodes: readonly NodeProcess[]): Promise<void> {
  for (const node of nodes) {
    const { ready, node: name, ...parts } = await node.health();
    const states = Object.entries(parts).map(([part, health]) => stateOf(part, health));
    console.log(`node ${name}: ${ready === true ? "ready" : "not ready"}; ${states.join(", ")}`);
  }
  await pause();
}

function stateOf(part: string, health: unknown): string {
  const { state, reason } = Object(health) as { readonly state: string; readonly reason?: string };
  return reason === undefined ? `${part} ${state}` : `${part} ${state} (${reason})`;
}

async function signedOutEverywhere({ bob, telephone, laptop }: Stage, a: NodeProcess): Promise<void> {
  note("Bob signs out everywhere, at node A; both his devices are at node C");
  const askedAt = performance.now();
  await call(a, "/log_out_everywhere", {}, bob.token);
  const ends = await Promise.all([telephone.im.closed, laptop.im.closed]);
  const milliseconds = Math.round(performance.now() - askedAt);
  note(`${milliseconds} ms later they are closed: ${ends.map(({ closeCode }) => closeCode).join(" and ")}`);
}

function count({ desk, telephone, laptop, written }: Stage): number {
  const screens = [desk, telephone, laptop].map(({ screen }) => screen.map(({ messageId }) => messageId));
  const shown = screens.map((ids) => ids.length);
  const distinct = screens.map((ids) => new Set(ids).size);
  const doubled = sum(shown) - sum(distinct);
  const lost = screens.length * written - sum(distinct);
  const isSameOrder = screens.every((ids) => ids.join() === screens[0]?.join());
  console.log(`\nwritten ${written}, shown ${shown.join(", ")}; doubled ${doubled}, lost ${lost},`);
  console.log(isSameOrder ? "the same order on all screens" : "NOT in the same order");
  return doubled === 0 && lost === 0 && isSameOrder ? 0 : 1;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

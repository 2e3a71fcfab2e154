import { type BenchSettings, figure } from "./bench-settings.js";
import { measureCommits, storeAll } from "./storage-commits.js";
import { COMMIT_HEADER, commitLine, headLine, pageLine } from "./storage-lines.js";
import { measurePages } from "./storage-pages.js";
import type { BenchPlace, BenchTarget } from "./storage-place.js";
import type { CommitFigures, DatabaseReport, MeasuredDatabase } from "./storage-report.js";
import { createGroup, StorageTraffic } from "./storage-traffic.js";
import { Undo } from "./undo.js";

const BATCHES = [1, 16, 64, 256];

/** Measures one database and takes away what was made for it, also after a failure. Rejects only when it is interrupted. */
export async function measureDatabase(target: BenchTarget, settings: BenchSettings): Promise<DatabaseReport> {
  const undo = new Undo();
  const { name } = target;
  try {
    return await tidily(undo, async () => {
      const place = await target.open(settings, undo);
      if ("absent" in place) return { name, outcome: "skipped", reason: place.absent };
      return await measurePlace(name, place, settings);
    });
  } catch (error) {
    const { reason, aborted } = settings.signal;
    if (aborted && error === reason) throw error;
    return { name, outcome: "failed", reason: (error as Error).message };
  }
}

async function tidily<T>(undo: Undo, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    await undo.run();
  }
}

async function measurePlace(name: string, place: BenchPlace, settings: BenchSettings): Promise<MeasuredDatabase> {
  const { version, server } = place;
  const durability = await place.readDurability();
  settings.say(`${headLine(name, version, server, durability)}\n${COMMIT_HEADER}`);
  const traffic = new StorageTraffic();
  const two = await measureTwo(place, traffic, settings);
  const size = await measureSize(place, two, settings);
  const group = await measureGroup(place, traffic, settings);
  const pages = await measurePages(place, settings);
  settings.say(pageLine(pages));
  await assertUnchanged(place, durability);
  return {
    name,
    outcome: "measured",
    version,
    server,
    durability,
    commits: [...two.figures, ...group],
    ...size,
    pages,
  };
}

interface Two {
  readonly figures: readonly CommitFigures[];
  /** All that are stored. */
  readonly messages: number;
}

/** Everybody has written to everybody before, as in a chat that has been used for a while. */
async function measureTwo({ storage }: BenchPlace, traffic: StorageTraffic, settings: BenchSettings): Promise<Two> {
  const first = traffic.firstMessages();
  await storeAll(storage, first, settings);
  const figures: CommitFigures[] = [];
  for (const batch of BATCHES) {
    const rates = await measureCommits(storage, batch, () => traffic.single(), settings);
    figures.push({ to: "two", ...rates });
    settings.say(commitLine({ to: "two", ...rates }));
  }
  return { figures, messages: figures.reduce((sum, { messages }) => sum + messages, first.length) };
}

async function measureSize({ fileBytes }: BenchPlace, { messages }: Two, { say }: BenchSettings) {
  if (fileBytes === undefined) return {};
  const fileBytesPerMessage = Math.round((await fileBytes()) / messages);
  say(`  ${"file".padEnd(24)}${figure(fileBytesPerMessage)} bytes a message`);
  return { fileBytesPerMessage };
}

async function measureGroup({ storage }: BenchPlace, traffic: StorageTraffic, settings: BenchSettings) {
  const id = await createGroup(storage);
  const figures: CommitFigures[] = [];
  for (const batch of BATCHES) {
    const rates = await measureCommits(storage, batch, () => traffic.toGroup(id), settings);
    figures.push({ to: "group of 500", ...rates });
    settings.say(commitLine({ to: "group of 500", ...rates }));
  }
  return figures;
}

/** Somebody else may have changed the server meanwhile: then nobody knows what was measured. */
async function assertUnchanged(place: BenchPlace, before: MeasuredDatabase["durability"]): Promise<void> {
  const after = await place.readDurability();
  if (JSON.stringify(after) === JSON.stringify(before)) return;
  throw new Error("the settings of the server changed during the measurement: measure again while nobody else does");
}

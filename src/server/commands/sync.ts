import type { InboxPage, MessageStore } from "../../adapters/contracts/index.js";
import { CLOSE } from "../../core/close-codes.js";
import type { SyncPageFrame, SyncRequestFrame } from "../../core/frames.js";
import type { Answer, Connection } from "../connections/connection.js";
import type { Stream } from "../connections/stream.js";
import type { Report } from "../report.js";
import type { SignedIn } from "./signed-in.js";

/** Items in one page at most, and unless a client asks for fewer. */
const MAX_ITEMS = 200;
/** Content in one page, bytes; a single larger item still goes. */
const MAX_BYTES = 262_144;

/** The legacy way to catch up: pages, asked for one by one. The pump waits until the last one is written. */
export type SyncCommand = (on: SignedIn, frame: SyncRequestFrame) => Promise<Answer>;

export function createSyncCommand(store: MessageStore, report: Report): SyncCommand {
  return async ({ connection, session, stream }, frame) => {
    const after = stream.beginSync(frame.seq);
    const maxItems = frame.limit === 0 ? MAX_ITEMS : Math.min(frame.limit, MAX_ITEMS);
    try {
      const page = await store.readInbox(session.userId, after, { maxItems, maxBytes: MAX_BYTES });
      if (page.syncEpoch !== stream.syncEpoch) return otherEpoch(connection);
      return answer(page, stream);
    } catch (error) {
      report("sync", error, { userId: session.userId });
      return { reply: FAILED };
    }
  };
}

/** What went another way while the page was read is left out of it. */
function answer(page: InboxPage, stream: Stream): Answer {
  const items = stream.takePage(page.items);
  const isLast = stream.sent >= page.headSeq;
  const reply = { ...FAILED, code: null, items, hasMore: !isLast, throughSeq: stream.sent };
  const { headSeq, floorSeq, syncEpoch } = page;
  return { reply: { ...reply, headSeq, floorSeq, syncEpoch }, after: () => (isLast ? stream.goLive() : undefined) };
}

function otherEpoch(connection: Connection): Answer {
  connection.end(CLOSE.restart, "the storage was restored; log in again");
  return {};
}

/** The client asks again; until then nothing is lost, since its stream stands where it was. */
const FAILED: SyncPageFrame = {
  kind: "sync_page",
  code: "busy",
  items: [],
  hasMore: false,
  throughSeq: 0,
  headSeq: 0,
  floorSeq: 0,
  syncEpoch: "",
  reset: false,
};

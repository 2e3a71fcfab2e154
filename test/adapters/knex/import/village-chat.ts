import { expect } from "vitest";

/** What `fillVillage` becomes. */
export const village = {
  users: [
    '1 13800000001 "ada" shyim-md5$0123456789abcdef0123456789abcdef',
    '2 13800000002 "bob" shyim-md5$0123456789abcdef0123456789abcdef',
    '3 13800000003 "cid" shyim-md5$0123456789abcdef0123456789abcdef',
    '4 13800000004 "4" shyim-md5$0123456789abcdef0123456789abcdef',
    '7 +491701234567 "dan" none',
  ],
  friends: ["1: 2 7", "2: 1", "7: 1"],
  groups: [
    ...['5 "crew" of 1', "  1 owner 0–", "  2 member 0–", "  3 member 1–", "  7 member 0–1"],
    ...['6 "without its owner" of 7', "  2 member 0–", "  7 owner 0–", "8 is not there", "77 is not there"],
  ],
  inboxes: {
    1: [
      "1 1 → single 2 @1 10:00:01: hello",
      "2 1 → group 5 @1 10:00:02: first",
      "3 2 → single 1 @2 10:00:03: hi",
      "4 3 → group 5 @2 10:00:05: second",
      "head 4",
    ],
    2: [
      "1 1 → single 2 @1 10:00:01: hello",
      "2 2 → single 1 @2 10:00:03: hi",
      "3 2 → single 1 @3 10:00:03: hi",
      "4 1 → group 5 @1 10:00:02: first",
      "head 4",
    ],
    3: ["1 3 → group 5 @2 10:00:05: second", "head 1"],
    4: ["head 0"],
    7: ["1 1 → group 5 @1 10:00:02: first", "head 1"],
    99: ["head 0"],
  },
};

const leftOut = (part: string, reason: string, ...rowIds: number[]) => ({ part, reason, count: rowIds.length, rowIds });

/** What is told of it. */
export const villagePlan = {
  timeZone: "UTC",
  rows: { users: 5, friends: 5, groups: 3, members: 9, messages: 20 },
  becomes: { users: 5, friends: 2, groups: 2, members: 5, messages: 5 },
  inboxes: 4,
  places: 10,
  renumberedInboxes: 2,
  doubledNumbers: 2,
  closedGaps: 2,
  passwords: 4,
  notes: [
    { count: 1, text: expect.stringMatching(/^phone number brought into the form in which it is looked/) },
    { count: 2, text: expect.stringMatching(/^nicknames that had to be shortened/) },
    { count: 1, text: expect.stringMatching(/^group whose owner is not in the table of users/) },
    { count: 1, text: expect.stringMatching(/^user who has messages of a group without being in it any more/) },
  ],
  leftOut: [
    leftOut("friends", "a friend of oneself", 4),
    leftOut("friends", "a user who is not in the table of users", 5),
    leftOut("groups", "neither its owner nor any member is in the table of users", 8),
    leftOut("members", "a group that is not in the table of groups, or was left out", 6),
    leftOut("members", "a user who is not in the table of users", 5, 7),
    leftOut("messages", "the inbox of somebody who neither sent nor received it", 34),
    leftOut("messages", "content that is larger than allowed (32768 bytes)", 37),
    leftOut("messages", "sent to a group by somebody who is not in it: nobody got it", 38),
    leftOut(
      ...(["messages", "a receiver who is not in the table of users, or a group that is not taken"] as const),
      ...[32, 33, 39, 40],
    ),
    leftOut("messages", "a sender who is not in the table of users", 31),
    leftOut("messages", "a session type that is neither 1 (single) nor 2 (group)", 35),
    leftOut("messages", "a message type that is none of 1 (text), 2 (picture), 3 (voice)", 36),
  ],
};

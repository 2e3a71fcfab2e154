import type { GroupRole } from "../../../src/adapters/contracts/index.js";
import { encodeText } from "../../../src/core/bytes.js";
import { ImError } from "../../../src/core/errors.js";
import type { HttpServices } from "../../../src/server/http/http-services.js";
import type { ActingUser, ServerFriends, ServerGroups, ServerUsers } from "../../../src/server/im-accounts.js";
import type { ServerMessage } from "../../../src/server/im-server.js";

interface FakeUser {
  readonly userId: string;
  readonly phoneNumber: string;
  nickname: string;
  password: string;
  /** For what must never be seen from outside. */
  readonly passwordHash: string;
}

interface FakeGroup {
  readonly id: string;
  name: string;
  readonly roles: Map<string, GroupRole>;
}

/** Accounts over maps, with the rules the HTTP API shows: no more. The token of a user is `token-<id>`. */
export class FakeAccounts implements HttpServices {
  readonly people = new Map<string, FakeUser>();
  readonly friendsOf = new Map<string, Set<string>>();
  readonly blockedBy = new Map<string, Set<string>>();
  readonly rooms = new Map<string, FakeGroup>();
  readonly said: ServerMessage[] = [];
  /** Every address a call came from. */
  readonly addresses: (string | undefined)[] = [];
  /** Thrown by the next calls, whatever they are. */
  trouble: unknown;
  /** Every call of a service, by name. */
  readonly calls: string[] = [];
  #nextId = 1;

  async authenticate(token: string, from: { readonly address?: string } = {}): Promise<{ userId: string }> {
    this.addresses.push(from.address);
    const userId = token.slice("token-".length);
    if (!token.startsWith("token-") || !this.people.has(userId)) throw new ImError("unauthenticated");
    return { userId };
  }

  readonly users: ServerUsers = {
    register: async ({ phoneNumber, nickname, password }, from = {}) => {
      this.#enter("register");
      this.addresses.push(from.address);
      if (nickname === "") throw new ImError("invalid_argument", { message: "nickname must be 1–50 characters" });
      if (this.#byPhone(phoneNumber)) throw new ImError("add_failed", { message: `UNIQUE user.phone ${phoneNumber}` });
      const userId = this.#freeId();
      this.people.set(userId, { userId, phoneNumber, nickname, password, passwordHash: `hash of ${password}` });
      return this.#signedIn(userId);
    },
    login: async ({ phoneNumber, password }, from = {}) => {
      this.#enter("login");
      this.addresses.push(from.address);
      const user = this.#byPhone(phoneNumber);
      if (user === undefined) throw new ImError("unauthenticated", { message: `no account has ${phoneNumber}` });
      if (user.password !== password) throw new ImError("unauthenticated", { message: "the password does not match" });
      return this.#signedIn(user.userId);
    },
    logOutEverywhere: async () => {
      this.#enter("logOutEverywhere");
      return 3;
    },
    me: async (userId) => {
      this.#enter("me");
      return this.#user(userId);
    },
    profiles: async (userIds) => userIds.flatMap((userId) => this.people.get(userId) ?? []),
    rename: async (userId, nickname) => {
      this.#enter("rename");
      this.#user(userId).nickname = nickname;
    },
    changePassword: async (userId, { password, newPassword }) => {
      this.#enter("changePassword");
      const user = this.#user(userId);
      if (user.password !== password) throw new ImError("unauthenticated");
      user.password = newPassword;
      return this.#signedIn(userId);
    },
  };

  readonly friends: ServerFriends = {
    add: async (userId, friendId) => {
      this.#enter("friends.add");
      this.#user(friendId);
      if (this.blockedBy.get(friendId)?.has(userId)) throw new ImError("blocked");
      return change(this.friendsOf, userId, (friends) => !friends.has(friendId) && Boolean(friends.add(friendId)));
    },
    addByPhoneNumber: async (userId, phoneNumber, from = {}) => {
      this.addresses.push(from.address);
      const found = this.#byPhone(phoneNumber);
      if (found === undefined) throw new ImError("not_found", { message: `no account has ${phoneNumber}` });
      const { userId: friendId, nickname } = found;
      return { userId: friendId, nickname, changed: await this.friends.add(userId, friendId) };
    },
    remove: async (userId, friendId) => change(this.friendsOf, userId, (friends) => friends.delete(friendId)),
    list: async (userId) => [...(this.friendsOf.get(userId) ?? [])].map((friendId) => this.#user(friendId)),
    block: async (userId, blockedId) => {
      this.#user(blockedId);
      return change(this.blockedBy, userId, (blocked) => !blocked.has(blockedId) && Boolean(blocked.add(blockedId)));
    },
    unblock: async (userId, blockedId) => change(this.blockedBy, userId, (blocked) => blocked.delete(blockedId)),
    blocked: async (userId) => [...(this.blockedBy.get(userId) ?? [])],
  };

  readonly groups: ServerGroups = {
    create: async ({ name, ownerId, memberIds }) => {
      this.#enter("groups.create");
      for (const userId of memberIds) this.#user(userId);
      const id = this.#freeId();
      const roles = new Map<string, GroupRole>(memberIds.map((userId) => [userId, "member"]));
      this.rooms.set(id, { id, name, roles: roles.set(ownerId, "owner") });
      return { id, name, ownerId };
    },
    add: async (groupId, userIds, acting) => {
      const { roles } = this.#ruled(groupId, acting);
      const fresh = userIds.filter((userId) => !roles.has(userId));
      for (const userId of fresh) roles.set(this.#user(userId).userId, "member");
      return fresh.length;
    },
    remove: async (groupId, userId, acting) => this.#ruled(groupId, acting).roles.delete(userId),
    leave: async (groupId, userId) => void this.#room(groupId, { by: userId }).roles.delete(userId),
    rename: async (groupId, name, acting) => {
      this.#ruled(groupId, acting).name = name;
    },
    setRole: async (groupId, userId, role, acting) => {
      const { roles } = this.#ruled(groupId, acting);
      if (!roles.has(userId)) throw new ImError("not_found");
      roles.set(userId, role);
    },
    handOver: async (groupId, userId, acting) => {
      const { roles } = this.#ruled(groupId, acting);
      if (!roles.has(userId)) throw new ImError("not_found");
      roles.set(userId, "owner").set(acting?.by ?? "", "admin");
    },
    of: async (userId) =>
      [...this.rooms.values()].flatMap(({ id, name, roles }) => {
        const role = roles.get(userId);
        const ownerId = [...roles].find(([, one]) => one === "owner")?.[0] ?? "";
        return role === undefined ? [] : [{ id, name, ownerId, role }];
      }),
    members: async (groupId, acting) =>
      [...this.#room(groupId, acting).roles].map(([userId, role]) => {
        return { ...this.#user(userId), role, joinedSeq: 0, leftSeq: null };
      }),
  };

  readonly messages: HttpServices["messages"] = {
    history: async (viewerId, to, { before = Number.POSITIVE_INFINITY, limit = 50 } = {}) => {
      const wanted = JSON.stringify(to);
      const isTheirs = (one: ServerMessage): boolean =>
        "userId" in to
          ? (one.senderId === viewerId && JSON.stringify(one.to) === wanted) ||
            (one.senderId === to.userId && "userId" in one.to && one.to.userId === viewerId)
          : JSON.stringify(one.to) === wanted && this.rooms.get(to.groupId)?.roles.has(viewerId) === true;
      const all = this.said.filter((one) => isTheirs(one) && one.conversationSeq < before);
      return { messages: all.slice(-limit), hasMore: all.length > limit };
    },
  };

  /** A user who is there. */
  enrol(nickname: string): string {
    const userId = this.#freeId();
    this.people.set(userId, {
      userId,
      nickname,
      phoneNumber: `+4900000${userId}`,
      password: `the password of ${nickname}`,
      passwordHash: `hash of ${nickname}`,
    });
    return userId;
  }

  /** A message that was stored. */
  say(senderId: string | null, to: ServerMessage["to"], text: string): void {
    const conversationSeq = this.said.length + 1;
    const messageId = String(conversationSeq).padStart(32, "0");
    const content = encodeText(text);
    this.said.push({
      messageId,
      senderId,
      to,
      type: "text",
      text,
      content,
      conversationSeq,
      sentAt: 1_700_000_000_000,
    });
  }

  #enter(call: string): void {
    this.calls.push(call);
    if (this.trouble !== undefined) throw this.trouble;
  }

  #freeId(): string {
    return String(this.#nextId++);
  }

  #byPhone(phoneNumber: string): FakeUser | undefined {
    return [...this.people.values()].find((user) => user.phoneNumber === phoneNumber);
  }

  #user(userId: string): FakeUser {
    const user = this.people.get(userId);
    if (user === undefined) throw new ImError("not_found", { message: `there is no user ${userId}` });
    return user;
  }

  #signedIn(userId: string) {
    return { userId, token: `token-${userId}`, expiresAt: 1_700_000_000_000 };
  }

  /** To who is not in, there is no group. */
  #room(groupId: string, { by }: ActingUser = {}): FakeGroup {
    const room = this.rooms.get(groupId);
    if (room === undefined) throw new ImError("not_found", { message: `there is no group ${groupId}` });
    if (by !== undefined && !room.roles.has(by)) throw new ImError("not_found", { message: `${by} is not in` });
    return room;
  }

  #ruled(groupId: string, acting: ActingUser = {}): FakeGroup {
    const room = this.#room(groupId, acting);
    if (acting.by !== undefined && room.roles.get(acting.by) === "member") throw new ImError("forbidden");
    return room;
  }
}

function change(map: Map<string, Set<string>>, userId: string, act: (set: Set<string>) => boolean): boolean {
  const set = map.get(userId) ?? new Set();
  map.set(userId, set);
  return act(set);
}

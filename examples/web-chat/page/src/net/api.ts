import type { Address, Group, Member, Person } from "../model.js";
import { type HistoryPage, parseHistory, type RawHistory } from "./history.js";

/** Who signs in or up. */
export interface Credentials {
  readonly phoneNumber: string;
  readonly password: string;
}

/** What the server answered instead of doing it; `message` is for people. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** The HTTP status; 0 when there was no answer at all. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Longest time an answer may take, ms. */
const ANSWER_WITHIN_MS = 20_000;

type Fields = Readonly<Record<string, string | number | readonly string[]>>;

const nameOf = (person: { user_id: string; nickname: string | null }): Person => ({
  userId: person.user_id,
  nickname: person.nickname ?? `User ${person.user_id}`,
});

/** The HTTP API of the server, as far as this page needs it. Every call rejects with {@link ApiError}. */
export class Api {
  readonly #token: string;
  readonly #signedOut: () => void;

  /**
   * @param token of the signed-in user; `""` before, when only `register` and `login` work
   * @param signedOut told when the token is not accepted any more
   */
  constructor(token = "", signedOut: () => void = () => {}) {
    this.#token = token;
    this.#signedOut = signedOut;
  }

  async register(nickname: string, { phoneNumber, password }: Credentials): Promise<string> {
    const fields = { phone_number: phoneNumber, nickname, password };
    return (await this.#post<{ token: string }>("register", fields, TAKEN)).token;
  }

  async login({ phoneNumber, password }: Credentials): Promise<string> {
    return (await this.#post<{ token: string }>("login", { phone_number: phoneNumber, password })).token;
  }

  async me(): Promise<Person> {
    return nameOf(await this.#get("me"));
  }

  async friends(): Promise<readonly Person[]> {
    const { friends } = await this.#get<{ friends: Parameters<typeof nameOf>[0][] }>("friend/list");
    return friends.map(nameOf);
  }

  async addFriend(phoneNumber: string): Promise<Person> {
    return nameOf(await this.#post("friend/add_by_phone", { phone_number: phoneNumber }, FIND));
  }

  async groups(): Promise<readonly Group[]> {
    return (await this.#get<{ groups: Group[] }>("group/list")).groups;
  }

  async createGroup(name: string, userIds: readonly string[]): Promise<string> {
    return (await this.#post<{ id: string }>("group/create", { name, ids: userIds })).id;
  }

  async members(groupId: string): Promise<readonly Member[]> {
    type Raw = Parameters<typeof nameOf>[0] & Pick<Member, "role">;
    const { members } = await this.#get<{ members: Raw[] }>("group/members", { group_id: groupId });
    return members.map((member) => ({ ...nameOf(member), role: member.role }));
  }

  async addMembers(groupId: string, userIds: readonly string[]): Promise<void> {
    await this.#post("group/add", { group_id: groupId, ids: userIds });
  }

  async leave(groupId: string): Promise<void> {
    await this.#post("group/leave", { group_id: groupId });
  }

  /** A page of what was said before position `before`, ascending. */
  async history({ kind, id }: Address, limit: number, before: number | null): Promise<HistoryPage> {
    const whose: Fields = kind === "group" ? { group_id: id } : { user_id: id };
    const place: Fields = before === null ? {} : { before };
    return parseHistory(await this.#get<RawHistory>("history", { ...whose, limit, ...place }));
  }

  #get<Data>(path: string, fields: Fields = {}): Promise<Data> {
    const query = new URLSearchParams(Object.entries(fields).map(([name, value]) => [name, String(value)]));
    return this.#call<Data>(`${path}?${query}`, { method: "GET" });
  }

  #post<Data>(path: string, fields: Fields, texts: FailureTexts = {}): Promise<Data> {
    return this.#call<Data>(path, { method: "POST", body: JSON.stringify(fields) }, texts);
  }

  async #call<Data>(path: string, request: RequestInit, texts: FailureTexts = {}): Promise<Data> {
    const authorization: Record<string, string> = this.#token === "" ? {} : { authorization: `Bearer ${this.#token}` };
    const headers = { "content-type": "application/json", ...authorization };
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const response = await fetch(`/api/${path}`, { ...request, headers, signal }).catch(() => null);
    if (response === null) throw new ApiError(0, "The server cannot be reached. Check your connection and try again.");
    const answer = (await response.json().catch(() => null)) as { msg?: string; data?: Data } | null;
    if (response.ok && answer !== null) return answer.data as Data;
    if (response.status === 401 && this.#token !== "") this.#signedOut();
    throw new ApiError(response.status, texts[response.status] ?? sentence(answer?.msg, response.status));
  }
}

/** What to say of a status, where this page knows more than the server says. */
type FailureTexts = Readonly<Record<number, string>>;

const TAKEN: FailureTexts = {
  409: "This account cannot be created. Perhaps the number has one already: sign in instead.",
};
const FIND: FailureTexts = {
  404: "Nobody here has this number. Write it with its country code, as your friend did at sign-up.",
  403: "This person does not want to hear from you.",
};

/** The server's texts are parts of sentences, and call fields by their names in the API. */
function sentence(text: string | undefined, status: number): string {
  const words = (text ?? `the server answered ${status}`).replace(/\b([a-z]+)_([a-z]+)\b/g, "$1 $2");
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}${words.endsWith(".") ? "" : "."}`;
}

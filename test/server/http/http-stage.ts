import { createHttpApi, type HttpApi, type HttpApiOptions } from "shyim/http";
import { FakeAccounts } from "./fake-accounts.js";

/** What came back, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly code: number;
  readonly msg: string;
  // biome-ignore lint/suspicious/noExplicitAny: what is in it is for the test to say
  readonly data: any;
}

/** Fields of a body or a query. */
export type Fields = Readonly<Record<string, unknown>>;

/** The API on accounts that are made up, with two users and what a client does. */
export class HttpStage {
  readonly accounts = new FakeAccounts();
  readonly api: HttpApi;
  /** What `onError` was told. */
  readonly errors: { readonly error: unknown; readonly id: string }[] = [];
  readonly ada = this.accounts.enrol("Ada");
  readonly bob = this.accounts.enrol("Bob");

  constructor(options: HttpApiOptions = {}) {
    const onError = (error: unknown, id: string) => void this.errors.push({ error, id });
    this.api = createHttpApi(this.accounts, { onError, ...options });
  }

  /** A request as it is. */
  async ask(path: string, init: RequestInit = {}, address?: string): Promise<Answer> {
    const request = new Request(`http://chat.test${path}`, init);
    return readAnswer(await this.api.fetch(request, address === undefined ? {} : { address }));
  }

  /** A GET in the name of a user. */
  get(path: string, userId: string | null = this.ada): Promise<Answer> {
    return this.ask(path, { headers: tokenHeader(userId) });
  }

  /** A POST with a JSON body in the name of a user. */
  post(path: string, fields: Fields = {}, userId: string | null = this.ada): Promise<Answer> {
    return this.send(path, JSON.stringify(fields), "application/json", userId);
  }

  /** A POST with any body. */
  send(
    path: string,
    body: string | Uint8Array<ArrayBuffer>,
    type: string,
    userId: string | null = this.ada,
  ): Promise<Answer> {
    return this.ask(path, { method: "POST", body, headers: { "content-type": type, ...tokenHeader(userId) } });
  }
}

/** The header of a user's token. */
export function tokenHeader(userId: string | null): Record<string, string> {
  return userId === null ? {} : { token: `token-${userId}` };
}

/** An answer as a client reads it. */
export async function readAnswer(response: Response): Promise<Answer> {
  const text = await response.text();
  const body = text === "" ? {} : JSON.parse(text);
  return { status: response.status, headers: response.headers, ...body };
}

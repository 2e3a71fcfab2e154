import { memoryStorage } from "../../../src/adapters/memory/memory-storage.js";
import type { AccountsOptions } from "../../../src/server/accounts/accounts-options.js";
import type { AuditEvent } from "../../../src/server/accounts/audit.js";
import { type Accounts, createAccounts } from "../../../src/server/accounts/create-accounts.js";
import type { ServerUsers } from "../../../src/server/im-accounts.js";
import { VirtualServerRuntime } from "../../../src/testing/fakes/virtual-server-runtime.js";
import { VirtualTime } from "../../../src/testing/fakes/virtual-time.js";
import { FakeScrypt } from "./fake-scrypt.js";

/** Ada's number, as she writes it and as it is stored. */
export const ADA = { phoneNumber: "+49 (170) 12-34-567", nickname: "Ada", password: "correct horse battery" };
export const ADAS_NUMBER = "+491701234567";

/** The built-in accounts on virtual time, over the memory storage, with a hash that costs nothing. */
export class AccountsStage {
  readonly time = new VirtualTime();
  readonly runtime = new VirtualServerRuntime(this.time);
  readonly scrypt = new FakeScrypt(this.time);
  readonly storage = memoryStorage();
  readonly audited: AuditEvent[] = [];
  readonly disconnected: string[] = [];
  readonly rechecked: string[] = [];
  isRunning = true;
  readonly accounts: Accounts;

  constructor(options: AccountsOptions = {}) {
    this.accounts = createAccounts(options, {
      store: this.storage.users,
      runtime: this.runtime,
      audit: (event) => void this.audited.push(event),
      disconnect: (userId) => this.disconnected.push(userId),
      recheck: (userId) => void this.rechecked.push(userId),
      assertRunning: () => {
        if (!this.isRunning) throw new Error("not running");
      },
      deriveKey: this.scrypt.deriveKey,
    });
  }

  get users(): ServerUsers {
    return this.accounts.users;
  }

  /** Whom a token lets in; `null` for nobody. */
  async whoIs(token: string): Promise<string | null> {
    return (await this.accounts.auth.authenticate(token))?.userId ?? null;
  }

  /** What a call costs in hashes. */
  async hashesOf(call: () => Promise<unknown>): Promise<number> {
    const before = this.scrypt.calls;
    await call().catch(() => {});
    return this.scrypt.calls - before;
  }
}

/** Accounts whose storage is open. */
export async function openAccounts(options?: AccountsOptions): Promise<AccountsStage> {
  const stage = new AccountsStage(options);
  await stage.storage.start();
  return stage;
}

/** What a promise rejects with; fails when it does not. */
export async function errorOf(promise: Promise<unknown>): Promise<Error & { code: string; retryAfterMs?: number }> {
  const outcome = await promise.then(
    () => null,
    (error) => error,
  );
  if (outcome === null) throw new Error("expected a rejection");
  return outcome;
}

/** Where the signed-in account is remembered, so that a reload needs no password. */
const KEY = "shyim-chat.account";

/** Who is signed in. */
export interface Account {
  readonly userId: string;
  readonly nickname: string;
  readonly token: string;
}

/** Whom this tab remembers, else whom this browser remembers; `null` for nobody. So two tabs may be two people. */
export function rememberedAccount(): Account | null {
  return parseAccount(sessionStorage.getItem(KEY)) ?? parseAccount(localStorage.getItem(KEY));
}

/** Remembers an account for this tab, and for new ones. */
export function rememberAccount(account: Account): void {
  sessionStorage.setItem(KEY, JSON.stringify(account));
  localStorage.setItem(KEY, JSON.stringify(account));
}

/** The account is remembered no longer; one that signed in later in another tab is. */
export function forgetAccount({ token }: Account): void {
  sessionStorage.removeItem(KEY);
  if (parseAccount(localStorage.getItem(KEY))?.token === token) localStorage.removeItem(KEY);
}

function parseAccount(text: string | null): Account | null {
  try {
    const { userId, nickname, token } = JSON.parse(text ?? "{}") as Partial<Account>;
    return userId && nickname && token ? { userId, nickname, token } : null;
  } catch {
    return null;
  }
}

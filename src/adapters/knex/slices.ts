/** Users named in one statement: far below every limit of bound values. */
export const USERS_PER_STATEMENT = 1_000;

/** Any number of users, as many at a time as one statement names. */
export function* slicesOf<User>(users: readonly User[]): Generator<readonly User[]> {
  for (let from = 0; from < users.length; from += USERS_PER_STATEMENT) {
    yield users.slice(from, from + USERS_PER_STATEMENT);
  }
}

import assert from "node:assert/strict";
import { type ErrorCode, type ImError, isImError } from "../../core/errors.js";
import type { Message } from "../../core/model.js";

/** Throws unless `actual` is deeply and strictly equal to `expected`; `what` says which value it is. */
export function assertEqual<T>(actual: T, expected: T, what: string): void {
  if (Object.is(actual, expected)) return;
  try {
    assert.deepStrictEqual(actual, expected);
  } catch (error) {
    // A message of one's own would replace the difference, and the difference is what a reader needs.
    throw new assert.AssertionError({ message: `${what}: ${(error as Error).message}`, actual, expected });
  }
}

/** Throws unless `condition` holds; `what` is the sentence that should have been true. */
export function assertThat(condition: boolean, what: string): asserts condition {
  if (!condition) throw new assert.AssertionError({ message: `expected that ${what}` });
}

/** Throws unless both hold the same bytes, whatever subclass of Uint8Array they are. */
export function assertBytes(actual: Uint8Array, expected: Uint8Array, what: string): void {
  assertThat(actual instanceof Uint8Array, `${what} are a Uint8Array`);
  assertEqual(Array.from(actual), Array.from(expected), what);
}

/** `value`, which must be there. */
export function present<T>(value: T | null | undefined, what: string): T {
  assertThat(value !== null && value !== undefined, `${what} is there`);
  return value;
}

/** Throws unless `call` throws an Error that says something. */
export function assertThrows(call: () => unknown, what: string): void {
  let thrown: unknown = null;
  try {
    call();
  } catch (error) {
    thrown = error;
  }
  assertThat(thrown instanceof Error && thrown.message !== "", `${what} throws an Error that says why`);
}

/** Throws unless `call` answers with a promise that rejects with an ImError of `code`; returns that error. */
export async function assertRejects(call: () => Promise<unknown>, code: ErrorCode, what: string): Promise<ImError> {
  let answer: unknown;
  const promise = call();
  try {
    answer = await promise;
  } catch (error) {
    assertThat(isImError(error, code), `${what} rejects with "${code}", not with ${String(error)}`);
    return error;
  }
  throw new assert.AssertionError({ message: `${what} must reject with "${code}" but resolved`, actual: answer });
}

/** Throws unless both are the same message with the same bytes. */
export function assertMessage(actual: Message, expected: Message, what: string): void {
  assertBytes(actual.content, expected.content, `content of ${what}`);
  const content = actual.content;
  assertEqual({ ...actual, content }, { ...expected, content }, what);
}

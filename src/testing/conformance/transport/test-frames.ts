import { assertEqual } from "../assert.js";

/** A frame of `length` bytes that says which one it is in its first four; the others depend on it too. */
export function numberedFrame(number: number, length = 64): Uint8Array {
  const bytes = Uint8Array.from({ length }, (_, index) => (number * 31 + index) & 0xff);
  new DataView(bytes.buffer).setUint32(0, number);
  return bytes;
}

/** Throws unless `frames` are `numberedFrame(0)`, `numberedFrame(1)` … `numberedFrame(count - 1)`, unchanged. */
export function assertNumbered(frames: readonly Uint8Array[], count: number, length = 64): void {
  const numbers = frames.map((frame) => new DataView(frame.buffer, frame.byteOffset).getUint32(0));
  const expected = Array.from({ length: count }, (_, number) => number);
  assertEqual(numbers, expected, "the numbers of the frames, in the order of arrival");
  const changed = frames.findIndex((frame, number) => !Buffer.from(frame).equals(numberedFrame(number, length)));
  assertEqual(changed, -1, "the first frame that was changed on its way");
}

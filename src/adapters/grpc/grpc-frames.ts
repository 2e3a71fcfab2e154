/** gRPC's frames: a byte that says whether it is compressed, four bytes of length, the message. */

import { ImError } from "../../core/errors.js";

const HEAD_BYTES = 5;

/** What stands before a message of `length` bytes. */
export function frameHead(length: number): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32BE(length, 1);
  return head;
}

/** Puts messages together from pieces as they come. */
export class FrameReader {
  readonly #maxBytes: number;
  #rest: Buffer = Buffer.alloc(0);

  /** @param maxBytes of one message */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The messages that are complete by now. Errors: `invalid_argument` for one that is compressed or too long. */
  push(piece: Buffer): Uint8Array[] {
    const all = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    const messages: Uint8Array[] = [];
    let at = 0;
    for (let end = this.#endOf(all, at); end <= all.length; end = this.#endOf(all, at)) {
      messages.push(new Uint8Array(all.subarray(at + HEAD_BYTES, end)));
      at = end;
    }
    this.#rest = all.subarray(at);
    return messages;
  }

  /** Where the message ends that begins at `at`; beyond the end while its head is not there. */
  #endOf(all: Buffer, at: number): number {
    if (all.length - at < HEAD_BYTES) return Number.POSITIVE_INFINITY;
    const length = all.readUInt32BE(at + 1);
    if (all[at] === 0 && length <= this.#maxBytes) return at + HEAD_BYTES + length;
    throw new ImError("invalid_argument", { message: `a frame of gRPC is compressed or has ${length} bytes` });
  }
}

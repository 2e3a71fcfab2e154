/** 53 random bits, at least 1: unlike a counter it cannot collide when a profile is cloned or restored. */
export function newClientId(randomBytes: (length: number) => Uint8Array): number {
  for (;;) {
    const bytes = randomBytes(7);
    const id = bytes.reduce((value, byte, index) => value * 256 + (index === 0 ? byte & 0x1f : byte), 0);
    if (id > 0) return id;
  }
}

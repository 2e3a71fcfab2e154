/** FNV-1a, 32 bits (Fowler, Noll, Vo): spreads short strings well enough, and is the same everywhere. Never for anything secret. */
export function hashText(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}

/** Longest edge of a picture that is sent, pixels: enough for a screen. */
const MAX_EDGE = 1_600;
/** Most bytes of a picture; the server takes 131,072, see server.ts. */
const MAX_BYTES = 120_000;
/** Tried one after the other until the picture is small enough. */
const QUALITIES = [0.85, 0.7, 0.5] as const;

/** First bytes of the pictures that are shown, and what they are. Nothing else is: an SVG, for example, is a program. */
const SIGNATURES: readonly (readonly [type: string, bytes: readonly (number | null)[]])[] = [
  ["image/jpeg", [0xff, 0xd8, 0xff]],
  ["image/png", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ["image/gif", [0x47, 0x49, 0x46, 0x38]],
  ["image/webp", [0x52, 0x49, 0x46, 0x46, null, null, null, null, 0x57, 0x45, 0x42, 0x50]],
];

/** The media type of a picture by its first bytes; `null` for what is none. */
export function pictureType(content: Uint8Array): string | null {
  const isAt = (byte: number | null, index: number): boolean => byte === null || content[index] === byte;
  return SIGNATURES.find(([, bytes]) => bytes.every(isAt))?.[0] ?? null;
}

/**
 * A picture, drawn again as JPEG, scaled down until it fits: nothing of the file but what can be seen is sent, no place or
 * time of a photograph either. Rejects with a sentence for people.
 */
export async function shrinkPicture(file: Blob): Promise<Uint8Array> {
  const image = await createImageBitmap(file).catch(() => null);
  if (image === null)
    throw new Error("This file is no picture that your browser can read. Take a JPEG, PNG, GIF or WebP.");
  try {
    for (let edge = MAX_EDGE; edge >= 100; edge /= 2) {
      for (const quality of QUALITIES) {
        const blob = await draw(image, edge, quality);
        if (blob.size <= MAX_BYTES) return new Uint8Array(await blob.arrayBuffer());
      }
    }
  } finally {
    image.close();
  }
  throw new Error("This picture cannot be made small enough to send.");
}

function draw(image: ImageBitmap, maxEdge: number, quality: number): Promise<Blob> {
  const scale = Math.min(1, maxEdge / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("Your browser does not let this page draw pictures.");
  // JPEG knows no transparency: what is see-through becomes white, not black.
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    const taken = (blob: Blob | null): void =>
      blob === null ? reject(new Error("Your browser could not write this picture.")) : resolve(blob);
    canvas.toBlob(taken, "image/jpeg", quality);
  });
}

import { crc32, deflateSync } from "node:zlib";

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** 8 bits a channel, red, green and blue. */
const TRUE_COLOUR = [8, 2, 0, 0, 0];
/** Edge of a square of one colour in a noise, pixels. */
const SQUARE = 4;

/** A PNG file. @param colourAt the colour of a pixel, 0xrrggbb */
function png(width: number, height: number, colourAt: (x: number, y: number) => number): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set(TRUE_COLOUR, 8);
  const rows = Array.from({ length: height }, (_, y) => row(width, (x) => colourAt(x, y)));
  const pixels = deflateSync(Buffer.concat(rows), { level: 1 });
  return Buffer.concat([SIGNATURE, chunk("IHDR", head), chunk("IDAT", pixels), chunk("IEND", Buffer.alloc(0))]);
}

/** Squares that have nothing to do with one another: hard to make small. */
export function noisePng(width: number, height: number): Buffer {
  const noise = (x: number, y: number): number =>
    (Math.imul(x * 73_856_093 + y * 19_349_663 + 1, 0x9e3779b1) >>> 7) & 0xffffff;
  return png(width, height, (x, y) => noise(Math.floor(x / SQUARE), Math.floor(y / SQUARE)));
}

/** Hills in front of an evening sky, for the eyes of people. */
export function hillsPng(width: number, height: number): Buffer {
  const ridge = (x: number, hill: number): number =>
    (0.45 + 0.15 * hill + 0.09 * Math.sin(x / (60 - 12 * hill) + 2 * hill)) * height;
  return png(width, height, (x, y) => {
    const hill = [2, 1, 0].find((one) => y > ridge(x, one));
    return hill === undefined ? sky(y / height) : ([0x5b6f8f, 0x3c5a66, 0x24423f][hill] ?? 0);
  });
}

/** From blue above to orange below. */
function sky(height: number): number {
  const mix = (above: number, below: number): number => Math.round(above + (below - above) * height * 1.6);
  return (Math.min(255, mix(96, 255)) << 16) | (mix(140, 190) << 8) | mix(200, 120);
}

/** It begins with a 0: no filter. */
function row(width: number, colourAt: (x: number) => number): Buffer {
  const bytes = Buffer.alloc(1 + width * 3);
  for (let x = 0; x < width; x++) bytes.writeUIntBE(colourAt(x), 1 + x * 3, 3);
  return bytes;
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([ends.subarray(0, 4), named, ends.subarray(4)]);
}

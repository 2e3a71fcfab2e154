import { existsSync } from "node:fs";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Where Chromium is: `SHYIM_CHROMIUM`, or where systems put it; `null` when there is none. */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | null {
  const places = env.SHYIM_CHROMIUM ? [env.SHYIM_CHROMIUM] : PLACES;
  return places.find((path) => existsSync(path)) ?? null;
}

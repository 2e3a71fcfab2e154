import { placeOf, removeData } from "./place.js";
import { endProcess, readNotes, removeNotes } from "./process-note.js";
import type { Service } from "./service.js";

/** Ends the private processes of a service, the last started first, and takes its data away. Says how many there were. */
export async function stopService({ name, recipe }: Service, root: string): Promise<number> {
  if (recipe === null) return 0;
  const place = placeOf(root, name, recipe.user);
  const running = readNotes(place).reverse();
  for (const note of running) await endProcess(note);
  removeNotes(place);
  removeData(place.data);
  return running.length;
}

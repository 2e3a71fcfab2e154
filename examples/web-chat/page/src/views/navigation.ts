/** The open conversation stands in the address line, so that the browser's own back button leads to the list. */
export class Navigation {
  /** Whether the entry of the history before this one is the list. */
  #cameFromList = false;

  /** Key of the open conversation; `null` for the list. */
  get key(): string | null {
    return location.hash.slice(1) || null;
  }

  /** Calls `show` whenever another conversation, or the list, is to be shown. */
  listen(show: (key: string | null) => void, signal: AbortSignal): void {
    addEventListener("hashchange", () => show(this.key), { signal });
  }

  /** Goes to a conversation, or with `null` back to the list. */
  go(key: string | null): void {
    if (key === this.key) return;
    if (key === null && this.#cameFromList) {
      this.#cameFromList = false;
      history.back();
      return;
    }
    if (key !== null) this.#cameFromList = this.key === null;
    location.hash = key ?? "";
  }

  /** To the list, with nothing to come back to at this place of the history. */
  reset(): void {
    this.#cameFromList = false;
    history.replaceState(null, "", location.pathname);
  }
}

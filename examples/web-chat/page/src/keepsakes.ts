/** What a browser remembers as text: `localStorage` and `sessionStorage` have this form. */
export interface Keepsakes {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/**
 * The browser's own memory, as far as it works: where it is forbidden, everything is forgotten with the page, and what does
 * not fit any more is kept until then.
 * @param open gives the storage; in some browsers asking for it throws
 */
export function keepsakes(open: () => Keepsakes): Keepsakes {
  const substitute = new Map<string, string>();
  const attempt = <Result>(call: (storage: Keepsakes) => Result, otherwise: () => Result): Result => {
    try {
      return call(open());
    } catch {
      return otherwise();
    }
  };
  return {
    getItem: (key) =>
      substitute.get(key) ??
      attempt(
        (storage) => storage.getItem(key),
        () => null,
      ),
    setItem: (key, value) => {
      substitute.delete(key);
      attempt(
        (storage) => storage.setItem(key, value),
        () => void substitute.set(key, value),
      );
    },
    removeItem: (key) => {
      substitute.delete(key);
      attempt(
        (storage) => storage.removeItem(key),
        () => {},
      );
    },
  };
}

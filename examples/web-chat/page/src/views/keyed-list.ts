/** Part of the page that follows a piece of state. */
export interface View<State> {
  readonly node: HTMLElement;
  /** Shows `state`; cheap when it is the same as before. */
  update(state: State): void;
  /** Gives back what the node held. */
  remove?(): void;
}

/**
 * Keeps the children of `container` as `items` say: nodes stay while their key does, so that focus, pictures and the place of
 * scrolling survive. Children it has not made stay before its own.
 */
export class KeyedList<Item> {
  readonly #container: HTMLElement;
  readonly #keyOf: (item: Item) => string;
  readonly #create: (item: Item) => View<Item>;
  readonly #views = new Map<string, View<Item>>();

  constructor(container: HTMLElement, keyOf: (item: Item) => string, create: (item: Item) => View<Item>) {
    this.#container = container;
    this.#keyOf = keyOf;
    this.#create = create;
  }

  update(items: readonly Item[]): void {
    this.#removeAllBut(new Set(items.map(this.#keyOf)));
    let next: ChildNode | null = null;
    for (const item of [...items].reverse()) {
      const { node } = this.#show(item);
      if (node.nextSibling !== next || node.parentNode !== this.#container) this.#container.insertBefore(node, next);
      next = node;
    }
  }

  #show(item: Item): View<Item> {
    const key = this.#keyOf(item);
    const view = this.#views.get(key) ?? this.#create(item);
    this.#views.set(key, view);
    view.update(item);
    return view;
  }

  #removeAllBut(kept: ReadonlySet<string>): void {
    for (const [key, view] of this.#views) {
      if (kept.has(key)) continue;
      this.#views.delete(key);
      view.node.remove();
      view.remove?.();
    }
  }
}

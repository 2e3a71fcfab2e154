import { type BubbleActions, rowView } from "./bubble.js";
import { element } from "./element.js";
import { iconButton } from "./icon-button.js";
import { KeyedList, type View } from "./keyed-list.js";
import type { Row } from "./rows.js";

/** Closer to the end than this counts as at the end, pixels. */
const NEAR_END = 60;
/** Closer to the beginning than this, older messages are asked for, pixels. */
const NEAR_START = 300;

/** What a timeline shows. */
export interface TimelineState {
  /** Names the conversation: with another one it begins at the end. */
  readonly key: string;
  readonly rows: readonly Row[];
  /** What is before them. */
  readonly before: BeforeRows;
}

/** Before the first row: nothing, more, more that is being got, or more that could not be got. */
export type BeforeRows = "nothing" | "more" | "loading" | "failed";

/** The messages of a conversation. It stays at its end while the reader is there, and else where the reader is. */
export class Timeline implements View<TimelineState> {
  readonly node: HTMLElement;
  readonly #scroller = element("ol", { class: "timeline", "aria-label": "Messages", tabindex: 0 });
  readonly #start = element("li", { class: "line line--start" });
  readonly #toEnd = iconButton("down", "Newest messages", () => this.#scrollToEnd());
  readonly #rows: KeyedList<Row>;
  readonly #loadOlder: () => void;
  #key: string | null = null;
  #firstKey: string | undefined;
  #isAtEnd = true;
  #before: BeforeRows | null = null;

  constructor(actions: BubbleActions, loadOlder: () => void) {
    this.#loadOlder = loadOlder;
    this.#scroller.append(this.#start);
    this.#rows = new KeyedList<Row>(
      this.#scroller,
      ({ key }) => key,
      (row) => rowView(row, actions),
    );
    this.#scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    // Pictures grow when they are there, and a keyboard takes room away.
    this.#scroller.addEventListener("load", () => this.#stay(), { capture: true });
    new ResizeObserver(() => this.#stay()).observe(this.#scroller);
    this.#toEnd.classList.add("timeline__to-end");
    this.node = element("div", { class: "timeline-frame" }, this.#scroller, this.#toEnd);
  }

  update({ key, rows, before }: TimelineState): void {
    const isOther = key !== this.#key;
    const { scrollHeight, scrollTop } = this.#scroller;
    const messageKey = rows.find(({ kind }) => kind !== "day")?.key;
    const isLonger = !isOther && messageKey !== this.#firstKey && this.#firstKey !== undefined;
    if (before !== this.#before) this.#start.replaceChildren(...this.#startOf(before));
    this.#before = before;
    this.#rows.update(rows);
    if (isOther || this.#isAtEnd) this.#scrollToEnd();
    else if (isLonger) this.#scroller.scrollTop = scrollTop + this.#scroller.scrollHeight - scrollHeight;
    this.#key = key;
    this.#firstKey = messageKey;
    this.#scrolled();
  }

  /** Whether the reader sees the newest message. */
  get isAtEnd(): boolean {
    return this.#isAtEnd;
  }

  /** Gives back what the messages hold. */
  remove(): void {
    this.#rows.update([]);
  }

  /** The reader has written something: it is to be seen. */
  followEnd(): void {
    this.#isAtEnd = true;
    this.#scrollToEnd();
  }

  #scrolled(): void {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    if (clientHeight === 0) return;
    this.#isAtEnd = scrollHeight - scrollTop - clientHeight < NEAR_END;
    this.#toEnd.hidden = this.#isAtEnd;
    if (scrollTop < NEAR_START && this.#before === "more") this.#loadOlder();
  }

  #stay(): void {
    if (this.#isAtEnd) this.#scrollToEnd();
  }

  #scrollToEnd(): void {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }

  #startOf(before: BeforeRows): readonly (Node | string)[] {
    if (before === "nothing") return ["This is where it begins."];
    if (before === "loading") return ["Loading older messages…"];
    if (before === "more") return [];
    const again = element("button", { type: "button", class: "link", onclick: () => this.#loadOlder() }, "Try again");
    return ["Older messages could not be loaded. ", again];
  }
}

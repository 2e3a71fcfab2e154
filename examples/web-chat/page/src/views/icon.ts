const NAMESPACE = "http://www.w3.org/2000/svg";

/** Each drawn in a square of 24 with round strokes. */
const PATHS = {
  back: "M15 5l-7 7 7 7",
  check: "M5 12.500l4.5 4.500L19 7.5",
  clock: "M12 7v5l3 2M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18",
  close: "M6 6l12 12M18 6L6 18",
  down: "M12 5v14M6 13l6 6 6-6",
  group:
    "M9 11a3.5 3.5 0 1 0 0-7a3.5 3.5 0 0 0 0 7M2.5 20c0-4 3-6 6.5-6s6.5 2 6.5 6M16 4.500a3.5 3.5 0 0 1 0 6.200M18 14.500c2.2.8 3.5 2.6 3.5 5.5",
  info: "M12 11v6M12 7.500v.1M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18",
  leave: "M14 4H6v16h8M10 12h11M17 8l4 4-4 4",
  offline:
    "M3 3l18 18M5 12.500a10 10 0 0 1 4-2.400M2 8.800a15 15 0 0 1 4.5-2.700M11 5.100A15 15 0 0 1 22 8.800M15.5 10.500a10 10 0 0 1 3.5 2M8.5 16a5 5 0 0 1 7 0M12 19.500v.1",
  person: "M9 11a3.5 3.5 0 1 0 0-7a3.5 3.5 0 0 0 0 7M2.5 20c0-4 3-6 6.5-6 1.6 0 3 .4 4.2 1.2M19 14v6M22 17h-6",
  picture: "M4 5h16v14H4zM4 16l4.5-4.5 4 4L15 13l5 5M15.5 9.200v.1",
  send: "M4 12l16-8-5 16-3.5-6.500zM11.5 13.500L20 4",
  warning: "M12 8v5M12 16.500v.1M12 3.500L2.5 20h19z",
} as const;

/** The name of a drawing. */
export type IconName = keyof typeof PATHS;

/** A drawing that says nothing to a screen reader: what it means stands beside it, as text. */
export function icon(name: IconName): SVGSVGElement {
  const drawing = document.createElementNS(NAMESPACE, "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("aria-hidden", "true");
  drawing.setAttribute("class", "icon");
  const path = document.createElementNS(NAMESPACE, "path");
  path.setAttribute("d", PATHS[name]);
  drawing.append(path);
  return drawing;
}

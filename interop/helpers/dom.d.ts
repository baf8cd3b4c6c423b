// The types of playwright-core name these of a browser; the tests themselves use none of them.
export {};

declare global {
  type Node = object;
  type HTMLElement = object;
  type SVGElement = object;
  type HTMLElementTagNameMap = Record<never, HTMLElement>;
}

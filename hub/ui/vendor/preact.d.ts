// What the page uses of preact, by hand: the library's own types need a build of their own.
export type Child = unknown;
export interface VNode {
  type: unknown;
  props: Record<string, unknown>;
  key: unknown;
}
export function h(type: unknown, props: Record<string, unknown> | null, ...children: Child[]): VNode;
export function render(tree: unknown, into: Element): void;

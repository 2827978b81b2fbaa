// What the page uses of uPlot, by hand.
export type Series = (number | null)[];
export interface Options {
  width: number;
  height: number;
  legend?: { show: boolean };
  cursor?: Record<string, unknown>;
  padding?: [number, number, number, number];
  scales?: Record<string, Record<string, unknown>>;
  axes?: Record<string, unknown>[];
  series: Record<string, unknown>[];
}
export default class uPlot {
  constructor(options: Options, data: Series[], into: HTMLElement);
  static paths: { bars(how: Record<string, unknown>): unknown; linear(): unknown };
  setData(data: Series[]): void;
  setSize(size: { width: number; height: number }): void;
  destroy(): void;
}

/** Bars over time, drawn by uPlot with the colours of the page. */

import uPlot from 'uplot';
import { omitUndefined } from '#core/omit-undefined.ts';
import { formatRate } from '../../parts/format.ts';
import type { Rates } from './totals.ts';

const HEIGHT = 220;
const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const FONT = '12px system-ui, sans-serif';
/** Share of an interval that a bar fills, and the maximum width of a bar in pixels. */
const BAR_SIZE: [number, number] = [0.8, 40];

export class BarChart {
  readonly #host: HTMLElement;
  readonly #plot: uPlot;

  /** `onPoint` receives the interval under the pointer, or `undefined`. */
  constructor(host: HTMLElement, onPoint: (at: number | undefined) => void) {
    this.#host = host;
    const bars = uPlot.paths.bars?.({ size: BAR_SIZE, align: 1 });
    const line = (token: string) => () => colorOf(host, token);
    const series = (label: string, token: string): uPlot.Series => ({
      label,
      fill: line(token),
      width: 0,
      points: { show: false },
      ...omitUndefined({ paths: bars }),
    });
    const axis = { font: FONT, stroke: line('--ink-3'), ticks: { show: false } };
    this.#plot = new uPlot(
      {
        width: host.clientWidth,
        height: HEIGHT,
        legend: { show: false },
        cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
        scales: {
          x: { time: true, range: wholeIntervals },
          y: { range: (_plot, _min, max) => [0, max > 0 ? max * 1.1 : 1] },
        },
        series: [{}, series('Items', '--busy-fill'), series('Failed', '--bad-fill')],
        axes: [
          {
            ...axis,
            size: 28,
            grid: { show: false },
            values: (_plot, times) => times.map((time) => CLOCK.format(time * 1000)),
          },
          {
            ...axis,
            size: 56,
            grid: { stroke: line('--border'), width: 1 },
            values: (_plot, rates) => rates.map(formatRate),
          },
        ],
        hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? undefined)] },
      },
      [[], [], []],
      host,
    );
  }

  show({ times, items, failed }: Rates): void {
    this.#plot.setData([[...times], [...items], [...failed]]);
  }

  resize(): void {
    const width = this.#host.clientWidth;
    if (width > 0) this.#plot.setSize({ width, height: HEIGHT });
  }

  /** Draws again, with the colours of the current theme. */
  redraw(): void {
    this.#plot.redraw(true, true);
  }

  destroy(): void {
    this.#plot.destroy();
  }
}

/** Returns the colour of a token as a canvas accepts it. Tokens are functions of the theme, which only elements resolve. */
function colorOf(host: HTMLElement, token: string): string {
  host.style.color = `var(${token})`;
  return getComputedStyle(host).color;
}

/** Leaves room for the last bar, which begins at the last time. */
function wholeIntervals({ data: [times] }: uPlot, min: number, max: number): uPlot.Range.MinMax {
  const [first = 0, second = first] = times;
  return [min, max + second - first];
}

import { type RefObject, useEffect, useRef } from 'react';
import type { BarChart } from './bar-chart.ts';
import type { Rates } from './totals.ts';

/** Returns the element of a chart, which follows the data, the width of the window and the theme. */
export function useChart(
  create: (host: HTMLElement) => BarChart,
  rates: Rates,
): RefObject<HTMLDivElement | null> {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<BarChart>(undefined);
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const created = create(element);
    chart.current = created;
    const size = new ResizeObserver(() => created.resize());
    size.observe(element);
    const stopTheme = onThemeChange(() => created.redraw());
    return () => {
      size.disconnect();
      stopTheme();
      created.destroy();
    };
  }, [create]);
  useEffect(() => chart.current?.show(rates), [rates]);
  return host;
}

function onThemeChange(redraw: () => void): () => void {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const chosen = new MutationObserver(redraw);
  chosen.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  system.addEventListener('change', redraw);
  return () => {
    chosen.disconnect();
    system.removeEventListener('change', redraw);
  };
}

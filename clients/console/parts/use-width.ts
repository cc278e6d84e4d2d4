import { useSyncExternalStore } from 'react';

/** Widths of the window, as in styles/frame.css. */
const MEDIUM = matchMedia('(min-width: 760px)');
const WIDE = matchMedia('(min-width: 1180px)');

export type Width = 'narrow' | 'medium' | 'wide';
const WIDTHS: readonly Width[] = ['narrow', 'medium', 'wide'];

export function useWidth(): Width {
  return useSyncExternalStore(subscribe, currentWidth);
}

/** True if something for windows `from` this width is shown in a window of this width. */
export function fits(from: Width, width: Width): boolean {
  return WIDTHS.indexOf(width) >= WIDTHS.indexOf(from);
}

function currentWidth(): Width {
  if (WIDE.matches) return 'wide';
  return MEDIUM.matches ? 'medium' : 'narrow';
}

function subscribe(onChange: () => void): () => void {
  for (const query of [MEDIUM, WIDE]) query.addEventListener('change', onChange);
  return () => {
    for (const query of [MEDIUM, WIDE]) query.removeEventListener('change', onChange);
  };
}

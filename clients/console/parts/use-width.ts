import { useSyncExternalStore } from 'react';

/** Widths of the window, as in styles/frame.css. */
const MEDIUM = matchMedia('(min-width: 760px)');
const WIDE = matchMedia('(min-width: 1180px)');
const FULL = matchMedia('(min-width: 1400px)');

export type Width = 'narrow' | 'medium' | 'wide' | 'full';
const WIDTHS: readonly Width[] = ['narrow', 'medium', 'wide', 'full'];

export function useWidth(): Width {
  return useSyncExternalStore(subscribe, currentWidth);
}

/** True if something for windows `from` this width is shown in a window of this width. */
export function fits(from: Width, width: Width): boolean {
  return WIDTHS.indexOf(width) >= WIDTHS.indexOf(from);
}

function currentWidth(): Width {
  if (FULL.matches) return 'full';
  if (WIDE.matches) return 'wide';
  return MEDIUM.matches ? 'medium' : 'narrow';
}

function subscribe(onChange: () => void): () => void {
  for (const query of [MEDIUM, WIDE, FULL]) query.addEventListener('change', onChange);
  return () => {
    for (const query of [MEDIUM, WIDE, FULL]) query.removeEventListener('change', onChange);
  };
}

/** Keys of the console. Keys with Ctrl, Alt or Meta belong to the browser; keys in a field belong to the field. */
import { useEffect, useRef } from 'react';

export const KEYS = [
  ['/', 'Search'],
  ['j', 'Next row'],
  ['k', 'Previous row'],
  ['Enter', 'Open the row'],
  ['x', 'Select the row'],
  ['?', 'Show the keys'],
  ['Escape', 'Close or leave a field'],
] as const;

export function useKeys(handlers: Readonly<Record<string, (event: KeyboardEvent) => void>>): void {
  const current = useRef(handlers);
  current.current = handlers;
  useEffect(() => {
    let prefix = '';
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
      if (
        isField(event.target) ||
        (event.key === 'Enter' && isControl(event.target)) ||
        document.querySelector('dialog[open]') !== null
      )
        return;
      const key = prefix === '' ? event.key : `${prefix} ${event.key}`;
      const handle = current.current[key];
      prefix = prefix === '' && hasPrefix(current.current, event.key) ? event.key : '';
      if (handle === undefined) return;
      event.preventDefault();
      handle(event);
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, []);
}

function hasPrefix(handlers: Readonly<Record<string, unknown>>, key: string): boolean {
  return Object.keys(handlers).some((name) => name.startsWith(`${key} `));
}

function isField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** Enter activates a link or button that has the focus. */
function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('a, button') !== null;
}

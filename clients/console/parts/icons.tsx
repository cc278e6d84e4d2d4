/** Icons of the console: 16 pixels, drawn with the colour of the text. */
const PATHS = {
  waiting: 'M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11ZM8 5v3.2l2.2 1.3',
  active: 'M13.5 8A5.5 5.5 0 1 1 8 2.5M10.5 2.2l3 .3-.3 3',
  paused: 'M5.5 3.5v9M10.5 3.5v9',
  completed: 'M3 8.5l3.3 3.3L13 4.5',
  failed: 'M4 4l8 8M12 4l-8 8',
  cancelled: 'M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11ZM4.2 11.8l7.6-7.6',
  expired: 'M4.5 2.5h7M4.5 13.5h7M5 2.5c0 3 6 4 6 5.5s-6 2.5-6 5.5M11 2.5c0 3-6 4-6 5.5s6 2.5 6 5.5',
  blocked: 'M4 7.5h8v6H4zM5.5 7.5v-2a2.5 2.5 0 0 1 5 0v2',
  warning: 'M8 2.5 14 13H2L8 2.5ZM8 6.5v3M8 11.2v.1',
  skipped: 'M3 4l5 4-5 4zM9.5 4v8',
  search: 'M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9ZM10.3 10.3 13.5 13.5',
  copy: 'M5.5 5.5h7v8h-7zM3.5 10.5v-8h7',
  check: 'M3 8.5l3.3 3.3L13 4.5',
  close: 'M4 4l8 8M12 4l-8 8',
  chevron: 'M6 3.5 10.5 8 6 12.5',
  down: 'M3.5 6 8 10.5 12.5 6',
  up: 'M3.5 10 8 5.5 12.5 10',
  plus: 'M8 3v10M3 8h10',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  sun: 'M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6ZM8 1.5v1.5M8 13v1.5M1.5 8H3M13 8h1.5M3.4 3.4l1 1M11.6 11.6l1 1M12.6 3.4l-1 1M4.4 11.6l-1 1',
  moon: 'M13 9.5A5.5 5.5 0 0 1 6.5 3a5.5 5.5 0 1 0 6.5 6.5Z',
  system: 'M2.5 3.5h11v7h-11zM6 13.5h4M8 10.5v3',
  keyboard: 'M1.5 4.5h13v7h-13zM4 7h.1M6.5 7h.1M9 7h.1M11.5 7h.1M5 9.5h6',
  live: 'M8 6.5a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3ZM4.8 11.2a4.5 4.5 0 0 1 0-6.4M11.2 4.8a4.5 4.5 0 0 1 0 6.4M2.8 13.2a7.3 7.3 0 0 1 0-10.4M13.2 2.8a7.3 7.3 0 0 1 0 10.4',
  offline: 'M8 6.5a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3ZM2.5 2.5l11 11',
  user: 'M8 2.5a2.7 2.7 0 1 0 0 5.4 2.7 2.7 0 0 0 0-5.4ZM2.8 13.5c.5-2.8 2.6-4 5.2-4s4.7 1.2 5.2 4',
  upload: 'M8 10.5V3M4.8 6 8 2.8 11.2 6M3 13.5h10',
  download: 'M8 2.5v7.5M4.8 7 8 10.2 11.2 7M3 13.5h10',
  external: 'M9 2.5h4.5V7M13.5 2.5 7.5 8.5M11.5 9.5v4h-9v-9h4',
  retry: 'M2.5 8A5.5 5.5 0 1 0 8 2.5M5.5 2.2l-3 .3.3 3',
  resubmit: 'M3 10.5V5.5h8.5M9 3l2.5 2.5L9 8M13 5.5v5H6',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  play: 'M5 3.5 12 8l-7 4.5z',
  stop: 'M4 4h8v8H4z',
  trash: 'M3 4.5h10M6 4.5v-2h4v2M4.5 4.5l.5 9h6l.5-9M6.7 7v4M9.3 7v4',
  overview: 'M2.5 9h3v4.5h-3zM6.5 5.5h3v8h-3zM10.5 2.5h3v11h-3z',
  jobs: 'M2.5 4h11M2.5 8h11M2.5 12h7',
  template: 'M2.5 2.5h4v4h-4zM9.5 9.5h4v4h-4zM6.5 4.5h5v5',
  type: 'M3 3.5h10M8 3.5v9.5M6 13h4',
  worker:
    'M8 5.7a2.3 2.3 0 1 0 0 4.6 2.3 2.3 0 0 0 0-4.6ZM8 1.7v2M8 12.3v2M1.7 8h2M12.3 8h2M3.6 3.6 5 5M11 11l1.4 1.4M12.4 3.6 11 5M5 11l-1.4 1.4',
  splitter: 'M2.5 8h4l4-4.5h3M6.5 8l4 4.5h3',
  partition: 'M2.5 3h11v4h-11zM2.5 9h11v4h-11zM5 5h.1M5 11h.1',
  health: 'M1.5 8.5h3l1.5-5 3 9 1.8-4h3.7',
  docs: 'M3.5 2.5h6l3 3v8h-9zM9.5 2.5v3h3M5.5 8.5h5M5.5 11h5',
  save: 'M3 2.5h8l2 2v9H3zM5.5 2.5v3.5h4V2.5M5.5 13.5v-4h5v4',
  step: 'M3 8h10M9.5 4.5 13 8l-3.5 3.5',
  edit: 'M3 13h2.5L13 5.5 10.5 3 3 10.5V13ZM9 4.5 11.500 7',
  file: 'M4 2.5h5l3 3v8H4zM9 2.5v3h3',
  dollar:
    'M8 1.5v13M11 4.8C10.5 3.7 9.4 3.2 8 3.2c-1.8 0-3 .9-3 2.3 0 3.3 6.2 1.7 6.2 5 0 1.5-1.4 2.4-3.2 2.4-1.6 0-2.8-.6-3.3-1.8',
} as const;

export type IconName = keyof typeof PATHS;

/** A drawing beside a word with the same meaning, so screen readers skip it. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

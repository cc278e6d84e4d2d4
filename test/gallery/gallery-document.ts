/** A document of the gallery, whose pages people look at and tests compare. */
export interface GalleryDocument {
  /** Name with the extension, such as `invoice.html`. */
  readonly name: string;
  /** Requirement for its pages, as the end of a sentence about it. */
  readonly shows: string;
  readonly worker: 'to-pdf' | 'merge-pdf' | 'to-tiff';
  make(): Buffer | Promise<Buffer>;
}

/** A document that a browser can print, too: HTML, or what becomes HTML before it is laid out. */
export interface PrintableDocument extends GalleryDocument {
  readonly worker: 'to-pdf';
}

export function html(name: string, shows: string, body: string): PrintableDocument {
  const source = `<!DOCTYPE html><html><head><meta charset="utf-8"><title>${name}</title></head><body>${body}</body></html>`;
  return { name: `${name}.html`, shows, worker: 'to-pdf', make: () => Buffer.from(source) };
}

export function markdown(name: string, shows: string, source: string): PrintableDocument {
  return { name: `${name}.md`, shows, worker: 'to-pdf', make: () => Buffer.from(source) };
}

const SENTENCES = [
  'The delivery was delayed by three days because the customs form was incomplete.',
  'Please check the amounts before the end of the month.',
  'All prices include the packaging, but not the transport.',
  'A copy of this letter was sent to the office in Leipzig.',
  'The committee agreed with seven votes to two.',
];

/** Ordinary text of this number of sentences; the same for the same numbers. */
export function prose(sentences: number, from = 0): string {
  return Array.from({ length: sentences }, (_, at) => SENTENCES[(from + at) % SENTENCES.length]).join(' ');
}

/** Rows of a table: the cells of each row by a function. */
export function rows(
  count: number,
  cells: (row: number) => readonly (string | number)[],
  cell = 'td',
): string {
  return Array.from(
    { length: count },
    (_, row) =>
      `<tr>${cells(row)
        .map((text) => `<${cell}>${text}</${cell}>`)
        .join('')}</tr>`,
  ).join('');
}

import { mimeTypeOf } from '#core/mime-types.ts';

/**
 * Returns the names of the files that are made from these documents. The new extension replaces a known one: `chart.png`
 * becomes `chart.pdf`. If two names would be equal, the later one keeps the extension of its source: `chart.jpg.pdf`.
 */
export function resultNames(sources: readonly string[], extension: string): string[] {
  const taken = new Set<string>();
  return sources.map((source) => {
    const candidates = [`${stemOf(source)}.${extension}`, `${source}.${extension}`];
    let name = candidates.find((candidate) => !taken.has(folded(candidate)));
    for (let count = 2; name === undefined; count += 1) {
      const numbered = `${source} (${count}).${extension}`;
      if (!taken.has(folded(numbered))) name = numbered;
    }
    taken.add(folded(name));
    return name;
  });
}

function stemOf(filename: string): string {
  const dot = filename.lastIndexOf('.');
  const isKnown = dot > filename.lastIndexOf('/') + 1 && mimeTypeOf(filename) !== mimeTypeOf('');
  return isKnown ? filename.slice(0, dot) : filename;
}

function folded(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

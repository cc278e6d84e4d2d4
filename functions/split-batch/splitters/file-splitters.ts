/** Splitters that read files, with the readers of all formats. */
export { items } from './items.ts';
export { lines } from './lines.ts';
export { linesFile, linesRange } from './lines-file.ts';
export { zip } from './zip.ts';

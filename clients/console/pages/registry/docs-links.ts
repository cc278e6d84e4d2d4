/** Sections of the docs about the workers and splitters that ship. */

const WORKERS: Readonly<Record<string, string>> = {
  'export-zip': 'export-zip',
  'extract-text': 'documents',
  http: 'http',
  'invoke-lambda': 'invoke-lambda',
  'merge-pdf': 'documents',
  'office-to-pdf': 'documents',
  rehearse: 'workers-that-ship',
  tag: 'tag',
  'to-pdf': 'documents',
  'to-tiff': 'documents',
  unzip: 'workers-that-ship',
};

const SPLITTERS: Readonly<Record<string, string>> = {
  items: 'splitters-that-ship',
  'job-results': 'job-results',
  lines: 'ids-of-records',
  query: 'query',
  range: 'counting',
  's3-prefix': 'sources',
  'step-results': 'splitters-that-ship',
  zip: 'zip',
};

export const DOC_SECTIONS = { workers: WORKERS, splitters: SPLITTERS } as const;

/** Returns the page about a worker or splitter. That of your own ones is about defining them. */
export function docsPath(kind: 'workers' | 'splitters', name: string): string {
  const sections = DOC_SECTIONS[kind];
  const own = kind === 'workers' ? 'define-a-worker' : 'define-a-splitter';
  return `reference/${kind}#${Object.hasOwn(sections, name) ? sections[name] : own}`;
}

import { ArchiveCache } from './archive-cache.ts';
import { WebFileCache } from './web-file-cache.ts';

/** The files that one instance keeps in memory. They live as long as the ports of its function. */
export interface SourceCaches {
  readonly webFiles: WebFileCache;
  readonly archives: ArchiveCache;
}

export function sourceCaches(): SourceCaches {
  return { webFiles: new WebFileCache(), archives: new ArchiveCache() };
}

import { useCallback, useState } from 'react';
import { useApi } from '../data/api.ts';
import { shownError } from '../data/errors.ts';

export interface FileUpload {
  readonly key: number;
  readonly file: File;
  readonly sentBytes: number;
  /** `upload:<id>` once it is complete. */
  readonly source?: string;
  readonly problem?: string;
}

/** Files that are sent at the same time. */
const MAX_PARALLEL = 3;
let lastKey = 0;

/** Uploads files, and returns the progress of each. */
export function useUploads() {
  const api = useApi();
  const [uploads, setUploads] = useState<readonly FileUpload[]>([]);
  const change = useCallback((key: number, changes: Partial<FileUpload>) => {
    setUploads((all) => all.map((one) => (one.key === key ? { ...one, ...changes } : one)));
  }, []);
  /** Returns the files that were uploaded with their sources, in their order. */
  const send = async (files: readonly File[]) => {
    const added = files.map((file) => {
      lastKey += 1;
      return { key: lastKey, file, sentBytes: 0 };
    });
    setUploads((all) => [...all, ...added]);
    const sources = new Map<File, string>();
    const open = [...added];
    const worker = async () => {
      for (let next = open.shift(); next !== undefined; next = open.shift()) {
        const { key, file } = next;
        try {
          const { source } = await api.upload(file, {
            onProgress: (sentBytes) => change(key, { sentBytes }),
          });
          sources.set(file, source);
          change(key, { source, sentBytes: file.size });
        } catch (error) {
          change(key, { problem: shownError(error).text });
        }
      }
    };
    await Promise.all(Array.from({ length: MAX_PARALLEL }, worker));
    return files.flatMap((file) => {
      const source = sources.get(file);
      return source === undefined ? [] : [{ file, source }];
    });
  };
  const forget = (key: number) => setUploads((all) => all.filter((one) => one.key !== key));
  return { uploads, send, forget };
}

import { PermanentFailure } from '#core/errors.ts';
import type { Part } from '#core/item.ts';
import { mimeTypeOf, plainMimeType } from '#core/mime-types.ts';
import type { ReadableObjects } from '#core/splitter.ts';
import { defineWorker, type WorkerContext } from '#kit/define-worker.ts';
import { withDetectedType } from '../../sources/detect-mime-type.ts';
import { acceptedContent } from '../../sources/zip-content.ts';
import { readDirectory } from '../../sources/zip-directory.ts';
import { readEntries, type ZipEntry } from '../../sources/zip-entry-list.ts';
import { type ZipFile, zipFileOf } from '../../sources/zip-file.ts';
import { type UnzipParameters, unzipParameters } from './parameters.ts';

const ZIP = 'application/zip';

/** The worker `unzip`. An item without an archive also succeeds, so that a loop over nested archives ends. */
export const worker = defineWorker<UnzipParameters>({
  name: 'unzip',
  parameters: unzipParameters,
  // One archive uses the full network bandwidth.
  concurrency: 1,
  async run({ parts = [] }, context) {
    const ownParts = parts.filter(({ type }) => type !== 'META');
    const typedParts = await Promise.all(ownParts.map((part) => withDetectedType(part, context)));
    const archives = typedParts.filter(isArchive);
    const files: Part[] = [];
    for (const archive of archives) files.push(...(await filesOf(archive, context)));
    if (files.some(isArchive)) context.exitCode('MORE');
    return { archives: archives.length, files: files.length };
  },
});

function isArchive({ mimeType }: Part): boolean {
  return plainMimeType(mimeType) === ZIP;
}

async function filesOf(archive: Part, context: WorkerContext<UnzipParameters>): Promise<Part[]> {
  const file = await zipFile(archive, context.objects);
  const parts: Part[] = [];
  for (const entry of await entriesOf(file, context)) {
    const { name } = entry;
    context.signal.throwIfAborted();
    const body = acceptedContent(file, entry);
    parts.push(await context.putPart({ filename: name, mimeType: mimeTypeOf(name), body }));
  }
  return parts;
}

async function zipFile({ key, url = '', filename }: Part, objects: ReadableObjects): Promise<ZipFile> {
  if (key === undefined && !/^(upload:|s3:|https?:)/.test(url)) {
    const reason = `archive '${filename}' has the URL '${url.slice(0, 100)}'; only uploads, S3 objects and web files can be unzipped`;
    throw new PermanentFailure('part-unknown', reason);
  }
  const address = key === undefined ? objects.resolve(url) : objects.locate({ key });
  const info = await objects.describe(address);
  if (info === undefined) {
    throw new PermanentFailure(
      'part-missing',
      `archive '${filename}' does not exist; it may have been deleted`,
    );
  }
  return zipFileOf(objects, address, info);
}

/** Returns all entries but folders. Checks the total size before writing, because entries may share their bytes. */
async function entriesOf(file: ZipFile, { parameters }: WorkerContext<UnzipParameters>): Promise<ZipEntry[]> {
  const { maxFiles, maxBytes, nameEncoding } = parameters;
  const entries: ZipEntry[] = [];
  let bytes = 0;
  for await (const entry of readEntries(file, await readDirectory(file), nameEncoding)) {
    if (entry.name.endsWith('/')) continue;
    entries.push(entry);
    bytes += entry.sizeBytes;
    if (entries.length > maxFiles || bytes > maxBytes) {
      throw new PermanentFailure(
        'archive-too-large',
        `the archive has more than ${maxFiles} files or ${maxBytes} bytes; use the splitter zip instead`,
      );
    }
  }
  return entries;
}

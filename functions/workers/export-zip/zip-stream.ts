/** Writes a zip archive as a stream. Opens each file only after the previous one is written. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';

/** Fixed time, so that the same files make the same bytes. The earliest time that zip can represent. */
const NO_TIME = new Date(Date.UTC(1980, 0, 1));

/** Files from this size on need the zip64 format. */
const ZIP64_BYTES = 0xffff_0000;

export interface ZippedFile {
  readonly entry: string;
  /** Size of the file, if known. */
  readonly sizeBytes: number | undefined;
  /** True if compression is worthwhile. Images and archives are already compressed. */
  readonly isCompressed: boolean;
  openFile(): Promise<AsyncIterable<Uint8Array>>;
  /** Called after the file is written. */
  onWritten(measure: { sizeBytes: number; sha256: string }): void;
}

/** Streams the archive. Calls `make` of the entries in `last` after all files are written. */
export function zipStream(
  files: readonly ZippedFile[],
  last: readonly { readonly entry: string; make(): Buffer }[],
): AsyncIterable<Uint8Array> {
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  // Report errors to the reader of the stream.
  zip.on('error', (error: Error) => output.destroy(error));
  output.on('error', () => undefined);
  let openFile: Readable | undefined;
  // If the reader stops, close the open file too.
  output.on('close', () => openFile?.destroy());
  for (const file of files) {
    const options = {
      mtime: NO_TIME,
      compress: file.isCompressed,
      forceZip64Format: (file.sizeBytes ?? 0) >= ZIP64_BYTES,
    };
    zip.addReadStreamLazy(file.entry, options, (onOpen) => {
      openFile = Readable.from(measure(file), { objectMode: false });
      // Otherwise yazl waits forever for the rest of a file that failed.
      openFile.on('error', (error) => output.destroy(error));
      onOpen(null, openFile);
    });
  }
  for (const { entry, make } of last) {
    zip.addReadStreamLazy(entry, { mtime: NO_TIME }, (onOpen) => onOpen(null, Readable.from([make()])));
  }
  zip.end();
  return output;
}

async function* measure(file: ZippedFile): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const bytes of await file.openFile()) {
    hash.update(bytes);
    sizeBytes += bytes.length;
    yield bytes;
  }
  file.onWritten({ sizeBytes, sha256: hash.digest('hex') });
}

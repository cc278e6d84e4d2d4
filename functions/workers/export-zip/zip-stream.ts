/** Writes a zip archive as a stream: files one after the other, each opened when its turn comes. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';

/** Archives of the same files are the same bytes; zip knows no time before this one. */
const NO_TIME = new Date(Date.UTC(1980, 0, 1));

/** From here on the older format has no room for the size of a file. */
const ZIP64_BYTES = 0xffff_0000;

export interface ZippedFile {
  readonly entry: string;
  /** As far as it is known. */
  readonly sizeBytes: number | undefined;
  /** Whether it is worth the time: images and archives are small already. */
  readonly isCompressed: boolean;
  open(): Promise<AsyncIterable<Uint8Array>>;
  /** Called once it is written. */
  done(measured: { sizeBytes: number; sha256: string }): void;
}

/** `last` is asked for its files when all others are written. */
export function zipStream(
  files: readonly ZippedFile[],
  last: readonly { readonly entry: string; make(): Buffer }[],
): AsyncIterable<Uint8Array> {
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  // Whoever reads the stream is told, however late.
  zip.on('error', (error: Error) => output.destroy(error));
  output.on('error', () => undefined);
  let open: Readable | undefined;
  // Whoever gave the archive up wants none of its files either.
  output.on('close', () => open?.destroy());
  for (const file of files) {
    const options = {
      mtime: NO_TIME,
      compress: file.isCompressed,
      forceZip64Format: (file.sizeBytes ?? 0) >= ZIP64_BYTES,
    };
    zip.addReadStreamLazy(file.entry, options, (opened) => {
      open = Readable.from(measured(file), { objectMode: false });
      // yazl would wait for ever for the rest of a file that broke off.
      open.on('error', (error) => output.destroy(error));
      opened(null, open);
    });
  }
  for (const { entry, make } of last) {
    zip.addReadStreamLazy(entry, { mtime: NO_TIME }, (opened) => opened(null, Readable.from([make()])));
  }
  zip.end();
  return output;
}

async function* measured(file: ZippedFile): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const bytes of await file.open()) {
    hash.update(bytes);
    sizeBytes += bytes.length;
    yield bytes;
  }
  file.done({ sizeBytes, sha256: hash.digest('hex') });
}

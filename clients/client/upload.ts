/** Uploads: the API signs the size, and the bytes are sent directly to the bucket. */
import { omitUndefined } from '#core/omit-undefined.ts';
import type { CallOptions, Transport } from './transport.ts';
import type { UploadTicket } from './types.ts';
import { fetchWithProgress, type OnProgress } from './upload-progress.ts';

/** A path works only in Node, Deno and Bun. */
export type UploadSource = string | URL | Blob | Uint8Array | ReadableStream<Uint8Array>;

export interface UploadOptions extends CallOptions {
  /** Becomes part of the id. @default the name of the file, if the source has one */
  readonly filename?: string | undefined;
  readonly contentType?: string | undefined;
  /** Size of a stream in bytes. Without it, the stream is read into memory to find its size. */
  readonly sizeBytes?: number | undefined;
  /** Called with the number of bytes that were sent. Works only in browsers. */
  readonly onProgress?: OnProgress | undefined;
}

export interface Upload {
  readonly id: string;
  /** `upload:<id>`, the value for `source` in a definition and for the `url` of a part. */
  readonly source: string;
}

interface Content {
  readonly sizeBytes: number;
  readonly filename?: string | undefined;
  readonly contentType?: string | undefined;
  /** Returns the body of one attempt. */
  open(): Blob | ReadableStream<Uint8Array>;
  readonly isRepeatable: boolean;
}

export async function upload(
  transport: Transport,
  partition: string,
  source: UploadSource,
  { signal, ...options }: UploadOptions = {},
): Promise<Upload> {
  const content = await contentOf(source, options.sizeBytes);
  const filename = options.filename ?? content.filename;
  const contentType = options.contentType ?? content.contentType;
  const ticket = await transport.json<UploadTicket>({
    method: 'POST',
    path: ['partitions', partition, 'uploads'],
    body: {
      sizeBytes: content.sizeBytes,
      ...omitUndefined({ filename, contentType }),
    },
    // A second ticket is harmless: an address without bytes is not an upload.
    isRepeatable: true,
    signal,
  });
  await transport.fetchLink(
    ticket.url,
    () => {
      const body = content.open();
      const init: RequestInit & { duplex?: 'half' } = {
        method: ticket.method,
        headers: ticket.headers,
        body,
        ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
      };
      return init;
    },
    {
      isRepeatable: content.isRepeatable,
      signal,
      fetch: options.onProgress && fetchWithProgress(options.onProgress),
    },
  );
  return { id: ticket.id, source: `upload:${ticket.id}` };
}

async function contentOf(source: UploadSource, sizeBytes: number | undefined): Promise<Content> {
  if (typeof source === 'string' || source instanceof URL) return fileContent(source);
  if (source instanceof ReadableStream) {
    if (sizeBytes !== undefined && nodeProcess() !== undefined)
      return { sizeBytes, open: () => source, isRepeatable: false };
    return blobContent(await new Response(source).blob());
  }
  return blobContent(source instanceof Blob ? source : new Blob([new Uint8Array(source)]));
}

function blobContent(blob: Blob): Content {
  const name = (blob as { name?: unknown }).name;
  return {
    sizeBytes: blob.size,
    filename: typeof name === 'string' && name !== '' ? name : undefined,
    contentType: blob.type === '' ? undefined : blob.type,
    open: () => blob,
    isRepeatable: true,
  };
}

/** Reads the file as a stream, again for each attempt. */
async function fileContent(path: string | URL): Promise<Content> {
  const node = nodeProcess();
  if (node === undefined)
    throw new TypeError('a path can be uploaded only in Node; in a browser, pass a File, a Blob or a stream');
  const { createReadStream, promises } = node.getBuiltinModule('node:fs');
  const { Readable } = node.getBuiltinModule('node:stream');
  const { size } = await promises.stat(path);
  const name = String(path).split(/[\\/]/).at(-1);
  return {
    sizeBytes: size,
    filename: path instanceof URL && name !== undefined ? decodeURIComponent(name) : name,
    open: () => Readable.toWeb(createReadStream(path)),
    isRepeatable: true,
  };
}

/** The part of Node that reads a file. Without an import, bundles for browsers need no replacement for it. */
interface NodeProcess {
  getBuiltinModule(name: 'node:fs'): {
    createReadStream(path: string | URL): object;
    readonly promises: { stat(path: string | URL): Promise<{ readonly size: number }> };
  };
  getBuiltinModule(name: 'node:stream'): {
    readonly Readable: { toWeb(stream: object): ReadableStream<Uint8Array> };
  };
}

/** Undefined in browsers, which cannot stream the body of a request with a fixed size. */
function nodeProcess(): NodeProcess | undefined {
  const { process } = globalThis as { process?: Partial<NodeProcess> };
  return process?.getBuiltinModule === undefined ? undefined : (process as NodeProcess);
}

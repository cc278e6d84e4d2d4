import { refusal } from '#contract/problem.ts';
import type { UploadView } from '#contract/uploads.ts';
import { uploadKey } from '../../store/object-keys.ts';
import { type OperationHandler, PRESIGNED_SECONDS } from '../request.ts';

const MAX_NAME_LENGTH = 100;

export const createUpload: OperationHandler<'createUpload'> = async ({ parameters, body }, ports) => {
  // S3 always signs a content type, so the response contains the type that the uploader must send.
  const { sizeBytes, filename, contentType = 'application/octet-stream' } = body;
  checkSize(sizeBytes, ports.maxUploadBytes);
  const unique = ports.random.id();
  const id = filename === undefined ? unique : `${unique}-${plainName(filename)}`;
  const expiresAt = ports.clock.now() + PRESIGNED_SECONDS * 1000;
  const view: UploadView = {
    id,
    url: await ports.presigner.put(uploadKey(parameters.p, id), { contentType, sizeBytes }),
    method: 'PUT',
    headers: { 'Content-Type': contentType, 'Content-Length': String(sizeBytes) },
    expiresAt,
  };
  return { status: 201, body: view, headers: { 'Cache-Control': 'no-store' } };
};

function checkSize(sizeBytes: number, maxBytes: number): void {
  if (sizeBytes <= maxBytes) return;
  throw refusal(
    'too-large',
    `sizeBytes is ${sizeBytes}; an upload may have at most ${maxBytes} bytes; send several smaller ones`,
    { errors: [{ pointer: '/sizeBytes', detail: `is more than ${maxBytes}` }] },
  );
}

/** Returns the end of the file name, which contains the extension, in characters that never need escaping. */
function plainName(filename: string): string {
  return filename.replace(/[^A-Za-z0-9._-]+/g, '_').slice(-MAX_NAME_LENGTH);
}

/** Uploads of a partition: objects of the bucket, without rows in the table. */
import * as z from 'zod';
import { refusal } from '#contract/problem.ts';
import type { StoredUploadView, UploadView } from '#contract/uploads.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { uploadedName } from '#core/source-name.ts';
import { encodeUploadName } from '#core/upload-name.ts';
import { existingUploadKey, uploadKey, uploadPrefix } from '../../store/object-keys.ts';
import { PagedList } from '../lists/pages.ts';
import { noSuchUpload } from '../missing.ts';
import { type OperationHandler, PRESIGNED_SECONDS } from '../request.ts';

export const createUpload: OperationHandler<'createUpload'> = async ({ parameters, body }, ports) => {
  // S3 always signs a content type, so the response contains the type that the uploader must send.
  const { sizeBytes, filename, contentType = 'application/octet-stream' } = body;
  checkSize(sizeBytes, ports.maxUploadBytes);
  const unique = ports.random.id();
  const id = filename === undefined ? unique : `${unique}-${encodeUploadName(filename)}`;
  const expiresAt = ports.clock.now() + PRESIGNED_SECONDS * 1000;
  const view: UploadView = {
    id,
    ...omitUndefined({ filename }),
    url: await ports.presigner.put(uploadKey(parameters.p, id), { contentType, sizeBytes }),
    method: 'PUT',
    headers: { 'Content-Type': contentType, 'Content-Length': String(sizeBytes) },
    expiresAt,
  };
  return { status: 201, body: view, headers: { 'Cache-Control': 'no-store' } };
};

export const listUploads: OperationHandler<'listUploads'> = async (request, ports) => {
  const { p: partition } = request.parameters;
  // The position is the id of the last upload on the page.
  const list = new PagedList(request, ports, z.string());
  const start = await list.start();
  const prefix = uploadPrefix(partition);
  const { limit } = request.query;
  const after = start === undefined ? {} : { after: `${prefix}${start}` };
  const { objects, next } = await ports.objects.list(prefix, { limit, ...after });
  const uploads = objects.map(({ key, sizeBytes, modifiedTime }): StoredUploadView => {
    const id = key.slice(prefix.length);
    const filename = uploadedName(id);
    return { id, ...omitUndefined({ filename }), sizeBytes, uploadTime: modifiedTime };
  });
  return list.answer(uploads, next === undefined ? undefined : uploads.at(-1)?.id);
};

export const deleteUpload: OperationHandler<'deleteUpload'> = async ({ parameters }, { objects }) => {
  const { p: partition, u: id } = parameters;
  const key = existingUploadKey(partition, id);
  if (key === undefined || (await objects.describe({ key })) === undefined) throw noSuchUpload(partition, id);
  await objects.delete([key]);
  return { status: 204 };
};

function checkSize(sizeBytes: number, maxBytes: number): void {
  if (sizeBytes <= maxBytes) return;
  throw refusal(
    'too-large',
    `sizeBytes is ${sizeBytes}; an upload may have at most ${maxBytes} bytes; send several smaller ones`,
    { errors: [{ pointer: '/sizeBytes', detail: `is more than ${maxBytes}` }] },
  );
}

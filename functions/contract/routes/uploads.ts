/** Uploads of input files, which jobs refer to by id. */
import * as z from 'zod';
import { pageQuery } from '../queries.ts';
import type { Route } from '../route.ts';
import { createUploadBody, storedUploadSchema, uploadSchema } from '../uploads.ts';

export const UPLOAD_ROUTES = [
  {
    operation: 'createUpload',
    method: 'POST',
    path: '/partitions/{p}/uploads',
    role: 'operator',
    summary: 'Create a signed URL to upload an input file, which jobs refer to as upload:<id>',
    success: 201,
    body: createUploadBody,
    response: uploadSchema,
    headers: ['Cache-Control'],
  },
  {
    operation: 'listUploads',
    method: 'GET',
    path: '/partitions/{p}/uploads',
    role: 'viewer',
    summary: 'List the uploads of a partition, oldest first',
    success: 200,
    query: pageQuery,
    response: z.array(storedUploadSchema),
    headers: ['Link'],
  },
  {
    operation: 'deleteUpload',
    method: 'DELETE',
    path: '/partitions/{p}/uploads/{u}',
    role: 'operator',
    summary: 'Delete an upload. Jobs that still read it fail',
    success: 204,
  },
] as const satisfies readonly Route[];

/** Uploads of input files, which jobs refer to by id. */
import type { Route } from '../route.ts';
import { createUploadBody, uploadSchema } from '../uploads.ts';

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
] as const satisfies readonly Route[];

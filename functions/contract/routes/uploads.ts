/** Uploads of input files, which jobs refer to by id. */
import type { Route } from '../route.ts';
import { createUploadBody, uploadSchema } from '../uploads.ts';

export const UPLOAD_ROUTES = [
  {
    operation: 'createUpload',
    method: 'POST',
    path: '/partitions/{p}/uploads',
    role: 'operator',
    summary: 'Get an address to upload an input to, which jobs then name as upload:<id>',
    success: 201,
    body: createUploadBody,
    response: uploadSchema,
    headers: ['Cache-Control'],
  },
] as const satisfies readonly Route[];

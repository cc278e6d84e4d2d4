import { omitUndefined } from '#core/omit-undefined.ts';
import type { ObjectAt, S3Calls } from '../calls.ts';
import type { Endpoint } from './endpoints.ts';
import type { SignedClient } from './signed-client.ts';

/** The S3 operations of running jobs. Lists, deletions and multipart uploads are those that `load` returns. */
export function s3Calls(client: SignedClient, endpoint: Endpoint, load: () => Promise<S3Calls>): S3Calls {
  let loading: Promise<S3Calls> | undefined;
  const rare = () => {
    loading ??= load();
    return loading;
  };
  return {
    async put(at, body, { contentType, ifNoneMatch }) {
      const headers = omitUndefined({ 'content-type': contentType, 'if-none-match': ifNoneMatch });
      await client({ ...target(at, endpoint), method: 'PUT', headers, body }, () => undefined);
    },

    get(at, { range, ifMatch }) {
      const headers = omitUndefined({ range, 'if-match': ifMatch });
      return client({ ...target(at, endpoint), method: 'GET', headers }, ({ body }) => new Uint8Array(body));
    },

    head: (at) =>
      client({ ...target(at, endpoint), method: 'HEAD' }, ({ headers }) => ({
        sizeBytes: Number(headers['content-length'] ?? 0),
        etag: headers.etag ?? '',
      })),

    list: async (input) => (await rare()).list(input),
    delete: async (bucket, keys) => (await rare()).delete(bucket, keys),
    upload: async (at, body, options) => (await rare()).upload(at, body, options),
  };
}

/** S3 has one host name for each bucket. Emulators have one for all, and a certificate cannot cover a dotted bucket. */
function target({ bucket, key }: ObjectAt, { url, isCustom }: Endpoint): { endpoint: URL; path: string } {
  const encodedKey = key.split('/').map(encoded).join('/');
  const base = url.pathname.replace(/\/$/, '');
  if (isCustom || bucket.includes('.'))
    return { endpoint: url, path: `${base}/${encoded(bucket)}/${encodedKey}` };
  return { endpoint: new URL(`https://${bucket}.${url.host}`), path: `/${encodedKey}` };
}

/** Encodes everything except letters, digits and -._~, because the signature requires it. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

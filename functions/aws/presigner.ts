import type { BucketName, ObjectKey } from '#core/object-address.ts';
import { environment } from './runtime.ts';
import { isLocalS3 } from './services.ts';

/** Signs URLs of one bucket with the SDK, which is loaded for the first URL. */
export function lazyPresigner(signing: { bucket: BucketName; expiresSeconds: number }) {
  let loading: ReturnType<typeof load> | undefined;
  const loaded = () => {
    loading ??= load();
    return loading;
  };
  return {
    async put(key: ObjectKey, upload: { contentType: string; sizeBytes: number }): Promise<string> {
      const { client, presignPut } = await loaded();
      return presignPut(client, { ...signing, key, ...upload });
    },
    async get(key: ObjectKey, filename: string): Promise<string> {
      const { client, presignGet } = await loaded();
      return presignGet(client, { ...signing, key, filename });
    },
  };
}

async function load() {
  const { s3Client, presignGet, presignPut } = await import('#aws-sdk');
  return { client: s3Client({ isLocal: isLocalS3(environment) }), presignGet, presignPut };
}

import { omitUndefined } from '#core/omit-undefined.ts';
import { linkableKey } from '../../store/object-keys.ts';
import { type ApiPorts, PRESIGNED_SECONDS } from '../request.ts';

const NOT_LINKED =
  'The file that the worker named is not an upload or a result of this partition, so it has no link.';

interface StoredFile {
  readonly filename: string;
  readonly key?: string | undefined;
  readonly url?: string | undefined;
}

/** Link to a file: signed if it belongs to the partition, its own URL if it is stored elsewhere. */
interface SignedLink {
  readonly url?: string;
  readonly note?: string;
  readonly expiresAt?: number;
}

/** Signs a link only if the file belongs to the partition. */
export async function signedLink(
  { filename, key, url }: StoredFile,
  partition: string,
  { presigner, clock }: ApiPorts,
): Promise<SignedLink> {
  if (key === undefined) return omitUndefined({ url });
  const linked = linkableKey(partition, key);
  if (linked === undefined) return { note: NOT_LINKED };
  const expiresAt = clock.now() + PRESIGNED_SECONDS * 1000;
  return { url: await presigner.get(linked, filename), expiresAt };
}

import { PermanentFailure } from '#core/errors.ts';
import type { Item, Part } from '#core/item.ts';
import { parseBucketName, parseObjectKey } from '#core/object-address.ts';
import { fileNameOf } from '#core/source-name.ts';

/**
 * Returns the documents of an item: its base parts, or if it has none, the sources in its payload. The payload is
 * {bucket?, key} from the splitter `s3-prefix`, {source}, {sources}, or a source as a string.
 */
export function sourceParts({ parts = [], payload }: Item): readonly Part[] {
  const documents = parts.filter(({ type }) => type === 'BASE_PART');
  if (documents.length > 0) return documents;
  const partsOfPayload = payloadParts(payload);
  if (partsOfPayload.length > 0) return partsOfPayload;
  throw new PermanentFailure(
    'invalid-item',
    `the item must have parts, or be {key} or {bucket, key} as s3-prefix returns it, or {source: 'upload:<id>' or 's3://bucket/key'}, or {sources: […]}`,
  );
}

function payloadParts(payload: unknown): readonly Part[] {
  const { bucket, key, source, sources } = (
    typeof payload === 'object' && payload !== null ? payload : { source: payload }
  ) as Readonly<Record<string, unknown>>;
  const list = Array.isArray(sources) ? sources : [source];
  if (list.every((one) => typeof one === 'string')) return list.map(partOfSource);
  if (typeof key !== 'string') return [];
  if (typeof bucket === 'string')
    return [partOfSource(`s3://${parseBucketName(bucket)}/${parseObjectKey(key)}`)];
  return [{ ...describedBy(key), key }];
}

function partOfSource(source: string): Part {
  return { ...describedBy(source), url: source };
}

/** Describes a source as a part. The media type is a placeholder, because the worker detects it by content. */
function describedBy(source: string): Pick<Part, 'type' | 'filename' | 'mimeType'> {
  return { type: 'BASE_PART', filename: fileNameOf(source), mimeType: 'application/octet-stream' };
}

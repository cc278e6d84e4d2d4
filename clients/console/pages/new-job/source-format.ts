import { isObject, type JsonSchema } from '../../forms/json-schema.ts';

const FORMATS: Readonly<Record<string, string>> = {
  csv: 'csv',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  txt: 'text',
};

/** Returns the definition with the format of the files, if the splitter has that setting and it is not set. */
export function withFormat(
  definition: unknown,
  schema: JsonSchema | undefined,
  files: readonly File[],
): unknown {
  const properties = schema?.['properties'];
  const format = isObject(properties) ? properties['format'] : undefined;
  const known = isObject(format) && Array.isArray(format['enum']) ? format['enum'] : [];
  const extension = files[0]?.name.split('.').at(-1)?.toLowerCase() ?? '';
  const found = FORMATS[extension];
  if (!isObject(definition) || 'format' in definition || found === undefined || !known.includes(found))
    return definition;
  return { ...definition, format: found };
}

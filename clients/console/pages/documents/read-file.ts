import type { JsonSchema } from '../../forms/json-schema.ts';
import { parsedObject } from '../../parts/json-text.ts';

export interface ImportedDocument {
  readonly name: string;
  readonly body: JsonSchema;
}

/** Returns the document of a JSON or YAML file. Its name is that of the file. Throws if it is not an object. */
export async function readDocument(file: File): Promise<ImportedDocument> {
  const [, base = file.name, extension = ''] = /^(.*)\.([^.]*)$/.exec(file.name) ?? [];
  const text = await file.text();
  const parsed = /^ya?ml$/i.test(extension) ? await parsedYaml(text) : parsedObject(text);
  if ('problem' in parsed) throw new Error(`${file.name} cannot be imported. ${parsed.problem}`);
  const { name, ...body } = parsed.value;
  return { name: typeof name === 'string' ? name : base, body };
}

async function parsedYaml(text: string) {
  const { parse } = await import('yaml');
  try {
    return parsedObject(JSON.stringify(parse(text, { intAsBigInt: true }) ?? null, plainNumber));
  } catch (error) {
    return { problem: `It is not valid YAML: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** Returns integers as numbers. Throws for one that a number cannot hold, which YAML would otherwise round. */
function plainNumber(_name: string, value: unknown): unknown {
  if (typeof value !== 'bigint') return value;
  if (Number.isSafeInteger(Number(value))) return Number(value);
  throw new Error(`${value} has more digits than a number keeps. Write it as a string.`);
}

/** Saves a document as a JSON file of its name. */
export function saveAsFile(name: string, body: JsonSchema): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(
    new Blob([`${JSON.stringify(body, null, 2)}\n`], { type: 'application/json' }),
  );
  link.download = `${name}.json`;
  link.click();
  URL.revokeObjectURL(link.href);
}

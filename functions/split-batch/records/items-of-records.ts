/** Turns records into items. */
import { idOfValue } from '#core/json/exact-number.ts';
import { parseJson } from '#core/json/parse-json.ts';
import { byteLength } from '#core/send.ts';
import { brokenItem, type Child, item } from '#core/splitter.ts';
import type { FileRecord } from './assemble.ts';
import type { RecordGrammar } from './grammar.ts';

export interface RecordMeaning {
  readonly format: RecordGrammar['format'];
  /** Field names of a CSV file with a header. */
  readonly columns?: readonly string[] | undefined;
  /** Rows whose number of fields differs from the header. */
  readonly raggedRows?: 'refuse' | 'keep' | undefined;
  /** Member of a record that contains the id of its item. */
  readonly idField?: string | undefined;
}

/** Maximum bytes of an id, the length of an S3 key. */
const MAX_ID_BYTES = 1_024;
const MAX_EXCERPT_CHARACTERS = 200;

/** Returns the item of a record, or `undefined` for an empty line. */
export function itemOfRecord(record: FileRecord, id: string, meaning: RecordMeaning): Child | undefined {
  const { text, problem, line } = record;
  const { format, idField } = meaning;
  if (problem === undefined && format === 'text') return item(id, { line: text });
  if (record.isBlank) return undefined;
  try {
    if (problem !== undefined) throw new Error(problem);
    const payload = format === 'jsonl' ? parseJson(text) : payloadOf(record.fields ?? [], meaning);
    return item(idField === undefined ? id : idIn(payload, idField), payload);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return brokenItem(
      id,
      `line ${line} is not a valid ${format} record: ${reason}. It begins with: ${excerpt(text)}`,
    );
  }
}

function excerpt(text: string): string {
  const isCut = text.length > MAX_EXCERPT_CHARACTERS;
  const shown = isCut ? text.slice(0, MAX_EXCERPT_CHARACTERS).toWellFormed() : text;
  return shown + (isCut ? ' …' : '');
}

/** Throws if the field has no value that can be an id. */
function idIn(payload: unknown, field: string): string {
  const isRecord = typeof payload === 'object' && payload !== null && Object.hasOwn(payload, field);
  const id = isRecord ? idOfValue((payload as Readonly<Record<string, unknown>>)[field]) : undefined;
  if (id === undefined || id.trim() === '') {
    throw new Error(
      `its field '${field}' (idField) must contain a string or a number, and must not be empty`,
    );
  }
  if (byteLength(id) <= MAX_ID_BYTES) return id;
  throw new Error(`its field '${field}' (idField) has more than ${MAX_ID_BYTES} bytes`);
}

/** A row that is kept although its number of fields differs has a member `_note`. */
function payloadOf(fields: readonly string[], { columns, raggedRows = 'refuse' }: RecordMeaning): unknown {
  if (columns === undefined) return fields;
  if (fields.length === columns.length) return Object.fromEntries(named(fields, columns));
  const difference = `it has ${fields.length} fields, but the header has ${columns.length}`;
  if (raggedRows === 'refuse') throw new Error(difference);
  return { ...Object.fromEntries(named(fields, columns)), _note: difference };
}

/** Fields beyond the header are named by their position, and missing ones are left out. */
function named(fields: readonly string[], columns: readonly string[]): [string, string][] {
  return fields.map((field, position) => [columns[position] ?? `column_${position + 1}`, field]);
}

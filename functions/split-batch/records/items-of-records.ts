/** Turns records into items. */
import { idOfValue } from '#core/json/exact-number.ts';
import { parseJson } from '#core/json/parse-json.ts';
import { byteLength } from '#core/send.ts';
import { brokenItem, type Child, item } from '#core/splitter.ts';
import type { FileRecord } from './file-record.ts';
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

/** A row that is kept although its number of fields differs has a member that states both numbers. */
function payloadOf(fields: readonly string[], { columns, raggedRows = 'refuse' }: RecordMeaning): unknown {
  if (columns === undefined) return fields;
  const payload = Object.fromEntries(
    fields.slice(0, columns.length).map((field, position) => [columns[position] ?? '', field]),
  );
  if (fields.length === columns.length) return payload;
  const difference = `it has ${fields.length} fields, but the header has ${columns.length}`;
  if (raggedRows === 'refuse') throw new Error(difference);
  const names = new Set(columns);
  for (const [position, field] of fields.entries())
    if (position >= columns.length) payload[freeName(`column_${position + 1}`, names)] = field;
  return { ...payload, [freeName('_note', names)]: difference };
}

/** Returns a name that no column has. Adds underscores until it is free. */
function freeName(wanted: string, names: ReadonlySet<string>): string {
  let name = wanted;
  while (names.has(name)) name = `_${name}`;
  return name;
}

/** The field names of a CSV file. */
import { PermanentFailure } from '#core/errors.ts';
import type { FileRecord } from './file-record.ts';

export interface HeaderRules {
  readonly headerNames: 'refuse' | 'unique';
  readonly idField?: string | undefined;
}

const MAX_SHOWN_COLUMNS = 20;

/** Returns the names in the records of a header. Throws if they cannot be the names of members. */
export function columnsOf(records: readonly FileRecord[], rules: HeaderRules, source: string): string[] {
  const rows = records.map((record) => fieldsOfHeader(record, source));
  const count = Math.max(...rows.map(({ length }) => length));
  const names = Array.from({ length: count }, (_, position) =>
    rows
      .map((row) => row[position] ?? '')
      .filter((name) => name !== '')
      .join(' '),
  );
  const columns = rules.headerNames === 'unique' ? uniqueNames(names) : names;
  refuseRepeated(columns, source);
  const { idField } = rules;
  if (idField !== undefined && !columns.includes(idField)) throw missingColumn(idField, columns, source);
  return columns;
}

function fieldsOfHeader({ problem, fields = [], line }: FileRecord, source: string): readonly string[] {
  if (problem === undefined) return fields;
  throw new PermanentFailure('bad-header', `line ${line} of '${source}' is not a valid header: ${problem}`);
}

function refuseRepeated(columns: readonly string[], source: string): void {
  const wrong = columns.find((name, position) => name === '' || columns.indexOf(name) !== position);
  if (wrong === undefined) return;
  const what = wrong === '' ? 'a column without a name' : `the column '${wrong}' twice`;
  throw new PermanentFailure(
    'bad-header',
    `the header of '${source}' has ${what}. Set headerNames to 'unique' to number such columns, or correct the file.`,
  );
}

/** Empty names become `column_<position>`. Repeated ones get the lowest number that is free. */
function uniqueNames(names: readonly string[]): string[] {
  const used = new Set(names);
  const seen = new Set<string>();
  return names.map((name, position) => {
    const wanted = name === '' ? `column_${position + 1}` : name;
    if (!seen.has(wanted) && (name !== '' || !used.has(wanted))) {
      seen.add(wanted);
      return wanted;
    }
    let number = 2;
    while (seen.has(`${wanted}_${number}`) || used.has(`${wanted}_${number}`)) number += 1;
    seen.add(`${wanted}_${number}`);
    return `${wanted}_${number}`;
  });
}

function missingColumn(idField: string, columns: readonly string[], source: string): PermanentFailure {
  const shown = columns.slice(0, MAX_SHOWN_COLUMNS).join(', ');
  return new PermanentFailure(
    'missing-column',
    `'${source}' has no column '${idField}' (idField). Its columns: ${shown}`,
  );
}

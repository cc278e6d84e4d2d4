import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { shippedSplitters } from '../../functions/split-batch/splitters/index.ts';
import { jsonSchema, type Schema } from '../../lib/registry.ts';
import { shippedWorkers } from '../../lib/shipped-workers.ts';

/** Names of all members that a schema allows at its top. */
function membersOf(schema: Schema): string[] {
  const { properties = {}, anyOf = [] } = jsonSchema(schema) as {
    properties?: object;
    anyOf?: { properties: object }[];
  };
  return [properties, ...anyOf.map((schema) => schema.properties)].flatMap((members) => Object.keys(members));
}

/** The text of a page about a name: its row, its section, and the row of another name that it refers to by `as`. */
function textAbout(page: string, name: string): string {
  const row = new RegExp(`^\\| \`${name}\` \\|.*$`, 'm').exec(page)?.[0] ?? '';
  const section = page.split(/^###? /m).find((part) => part.startsWith(`${name}\n`)) ?? '';
  const like = /\bas `([\w-]+)`/.exec(row.split('|')[3] ?? '')?.[1];
  return row + section + (like === undefined ? '' : textAbout(page, like));
}

const shipped: [page: string, name: string, schema: Schema][] = [
  ...[...shippedWorkers({ documents: true, officeToPdf: true })].map(
    ([name, { options }]) =>
      ['docs/reference/workers.md', name, options.parameters] as [string, string, Schema],
  ),
  ...shippedSplitters.map(
    ({ name, definition }) => ['docs/reference/splitters.md', name, definition] as [string, string, Schema],
  ),
];

test.each(shipped)('%s documents every parameter of %s', (page, name, schema) => {
  const text = textAbout(readFileSync(page, 'utf8'), name);

  expect(membersOf(schema).filter((member) => !new RegExp(`\\b${member}\\b`).test(text))).toEqual([]);
});

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
  return [properties, ...anyOf.map((one) => one.properties)].flatMap((some) => Object.keys(some));
}

/** What a page says of a name: its row in the table, that of one which it is said to be like, and its section. */
function saidOf(page: string, name: string): string {
  const row = new RegExp(`^\\| \`${name}\` \\|.*$`, 'm').exec(page)?.[0] ?? '';
  const section = page.split(/^###? /m).find((text) => text.startsWith(`${name}\n`)) ?? '';
  const like = /\bas `([\w-]+)`/.exec(row.split('|')[3] ?? '')?.[1];
  return row + section + (like === undefined ? '' : saidOf(page, like));
}

const shipped: [page: string, name: string, schema: Schema][] = [
  ...[...shippedWorkers({ documents: true })].map(
    ([name, { options }]) => ['docs/reference/workers.md', name, options.parameters] as [string, string, Schema],
  ),
  ...shippedSplitters.map(
    ({ name, definition }) => ['docs/reference/splitters.md', name, definition] as [string, string, Schema],
  ),
];

test.each(shipped)('%s tells every parameter of %s', (page, name, schema) => {
  const said = saidOf(readFileSync(page, 'utf8'), name);

  expect(membersOf(schema).filter((member) => !new RegExp(`\\b${member}\\b`).test(said))).toEqual([]);
});

import type { Key, Row, Table, Write } from '#core/ports.ts';

/** A planted bug: the keys of job types and templates lose their partition, so that all partitions share them. */
export function blindToPartitions<T extends Table>(table: T): T {
  const blind: Table = {
    get: (key, options) => table.get(keyWithout(key), options),
    write: (write, returns) => table.write(writeWithout(write), returns),
    transact: (writes) => table.transact(writes.map(writeWithout)),
    query: (query) =>
      table.query({
        ...query,
        pk: pkWithout(query.pk),
        ...(query.after && {
          after: { ...query.after, ...('pk' in query.after && { pk: pkWithout(String(query.after['pk'])) }) },
        }),
      }),
  };
  return new Proxy(table, {
    get: (target, name) => Reflect.get(name in blind ? blind : target, name),
  });
}

function pkWithout(pk: string): string {
  return pk.replace(/^P#[^#]*#(?=(TYPE|TEMPLATE)S?(#|$))/, 'P#any#');
}

function keyWithout<K extends Key | Row>(key: K): K {
  return { ...key, pk: pkWithout(key.pk) };
}

function writeWithout(write: Write): Write {
  return write.kind === 'put'
    ? { ...write, row: keyWithout(write.row) }
    : { ...write, key: keyWithout(write.key) };
}

import type { Cost } from '../../client/index.ts';
import type { Context } from '../context.ts';
import type { Column } from '../output/table.ts';
import { partitionOf } from '../settings/connection.ts';

interface CostLine {
  readonly service: string;
  readonly operation: string;
  readonly count: number;
  readonly dollars: number;
}

const number = new Intl.NumberFormat('en-US', { maximumFractionDigits: 3 });

export async function run({ output, signal, connect }: Context, _options: object, id: string): Promise<void> {
  const cost = await partitionOf(connect()).job(id).cost({ signal });
  if (output.format !== 'text') return output.json(cost);
  const columns: Column<CostLine>[] = [
    { title: 'SERVICE', value: ({ service }) => service },
    { title: 'OPERATION', value: ({ operation }) => operation },
    {
      title: 'COUNT',
      value: ({ count }) => number.format(count),
      plain: ({ count }) => count,
      align: 'right',
    },
    { title: 'DOLLARS', value: ({ dollars }) => dollars.toFixed(6), align: 'right' },
  ];
  const total = { service: 'total', operation: '', count: 0, dollars: cost.dollars };
  await output.list([...costLines(cost), total], columns, '');
  output.note(`Prices of ${cost.prices.region}, ${cost.prices.asOf}. Not included: ${cost.notIncluded}.`);
}

function costLines({ services }: Cost): CostLine[] {
  return Object.entries(services).flatMap(([service, operations]) =>
    Object.entries(operations ?? {}).flatMap(([operation, counted]) =>
      counted === undefined || counted.count === 0
        ? []
        : [{ service, operation, count: counted.count, dollars: counted.dollars }],
    ),
  );
}

import type { ItemView } from '#contract/item-view.ts';
import type { QueryOf } from '#contract/routes.ts';
import { existingJob } from '../existing-job.ts';
import { outcomePosition, readOutcomes } from '../lists/outcomes.ts';
import { PagedList } from '../lists/pages.ts';
import type { OperationHandler } from '../request.ts';

const LINES_TYPE = 'application/x-ndjson';

export const listItems: OperationHandler<'listItems'> = async (request, tools) => {
  const { query } = request;
  const job = await existingJob(request.parameters, tools);
  const list = new PagedList(request, tools, outcomePosition, { generation: job.generation });
  const expand = (item: ItemView) => selected(item, query);
  const scan = { start: await list.start(), limit: query.limit, expand };
  const { entries, next } = await readOutcomes(job, scan, tools);
  // Any other Accept gets JSON too: an answer in another form helps more than none.
  if (!request.header('Accept')?.toLowerCase().includes(LINES_TYPE)) return list.answer(entries, next);
  const text = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
  return { status: 200, text, contentType: LINES_TYPE, headers: await list.headers(next) };
};

function selected(item: ItemView, { outcome, parts }: QueryOf<'listItems'>): ItemView[] {
  if (outcome !== undefined && item.outcome !== outcome) return [];
  if (parts === 'all' || item.parts === undefined) return [item];
  return [{ ...item, parts: item.parts.filter(({ type }) => type !== 'META') }];
}

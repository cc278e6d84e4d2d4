import { Page } from '../../parts/page.tsx';
import { RegisteredTable } from './registered-table.tsx';
import { useSplitters } from './use-registry.ts';

export function SplittersPage() {
  return (
    <Page title="Splitters" isFull lead="A splitter turns the definition of a batch into items.">
      <RegisteredTable kind="splitters" query={useSplitters()} />
    </Page>
  );
}

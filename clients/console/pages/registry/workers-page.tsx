import { Page } from '../../parts/page.tsx';
import { RegisteredTable } from './registered-table.tsx';
import { useWorkers } from './use-registry.ts';

export function WorkersPage() {
  return (
    <Page
      title="Workers"
      isFull
      lead="A worker does the work of items. Jobs and steps of templates name one."
    >
      <RegisteredTable kind="workers" query={useWorkers()} />
    </Page>
  );
}

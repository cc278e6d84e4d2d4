import { useState } from 'react';
import { Page } from '../../parts/page.tsx';
import { useCan } from '../../session/session.tsx';
import { BulkBar } from './bulk-bar.tsx';
import { BulkDialog } from './bulk-dialog.tsx';
import { JobCount } from './job-count.tsx';
import { JobTable } from './job-table.tsx';
import { NewJobLink } from './new-job-link.tsx';
import { SearchBar } from './search-bar.tsx';
import { DEFAULT_SORT, useJobCount, useJobList, useJobSearch } from './use-job-search.ts';
import { useSelection } from './use-selection.ts';
import { SaveViewDialog, ViewBar } from './view-bar.tsx';
import { useSavedViews } from './views.ts';

export function JobsPage() {
  const search = useJobSearch();
  const { text, filter, problem, sort, setSearch } = search;
  const isEnabled = problem === undefined;
  const listed = useJobList({ filter, sort, isEnabled });
  const count = useJobCount(filter, listed);
  const saved = useSavedViews();
  const [isSaving, setSaving] = useState(false);
  const bulk = useSelection(filter);
  const canAct = useCan('operator');
  return (
    <Page
      title="Jobs"
      isFull
      actions={
        <>
          <JobCount count={count} />
          {canAct ? <NewJobLink /> : null}
        </>
      }
    >
      <div className="jobs-head">
        <SearchBar
          text={text}
          filter={filter}
          problem={problem}
          onSearch={setSearch}
          onSave={() => setSaving(true)}
        />
        {bulk.scope === undefined ? (
          <ViewBar
            views={saved.views}
            search={text}
            onOpen={(view) => setSearch(view.search, view.sort ?? DEFAULT_SORT)}
            onRemove={saved.remove}
          />
        ) : (
          <BulkBar
            scope={bulk.scope}
            total={count.total}
            onAct={bulk.begin}
            onClear={bulk.clear}
            onAll={bulk.selectAll}
          />
        )}
      </div>
      <JobTable search={search} listed={listed} bulk={bulk} canAct={canAct} />
      {bulk.scope !== undefined && bulk.verb !== undefined ? (
        <BulkDialog scope={bulk.scope} verb={bulk.verb} onClose={bulk.end} onDone={bulk.clear} />
      ) : null}
      {isSaving ? (
        <SaveViewDialog
          search={text}
          onClose={() => setSaving(false)}
          onSave={(name) => {
            saved.save({ name, search: text, sort });
            setSaving(false);
          }}
        />
      ) : null}
    </Page>
  );
}

import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import type { StoredUpload } from 'jobtree/client';
import { useMemo, useState } from 'react';
import { useApi } from '../../data/api.ts';
import { useLiveOptions } from '../../data/live.tsx';
import { Button, IconButton } from '../../parts/button.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { ConfirmDialog } from '../../parts/dialog.tsx';
import { formatBytes } from '../../parts/format.ts';
import { Panel } from '../../parts/page.tsx';
import { Empty, ErrorBox, Skeleton } from '../../parts/states.tsx';
import { Time } from '../../parts/time.tsx';
import { useToasts } from '../../parts/toasts.tsx';
import { useCan } from '../../session/session.tsx';

const PAGE_SIZE = 50;
const REFRESH_MILLIS = 30_000;

/** Files that were uploaded, oldest first, as the API lists them. */
export function UploadsPanel() {
  const api = useApi();
  const [deleted, setDeleted] = useState<StoredUpload>();
  const list = useInfiniteQuery({
    queryKey: ['uploads', api.partitionId],
    queryFn: ({ pageParam, signal }) => api.uploads({ pageSize: PAGE_SIZE }).page(pageParam, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
    ...useLiveOptions(REFRESH_MILLIS),
  });
  const uploads = useMemo(() => list.data?.pages.flatMap(({ entries }) => entries) ?? [], [list.data]);
  return (
    <Panel title="Uploads">
      {list.isError ? <ErrorBox error={list.error} onRetry={() => list.refetch()} /> : null}
      {list.isPending ? <Skeleton lines={3} height="row" /> : null}
      {list.isSuccess && uploads.length === 0 ? (
        <Empty title="No uploads" command="npx jobtree run documents.csv --splitter lines --worker rehearse">
          A file that a job reads is uploaded first. The command line does both:
        </Empty>
      ) : null}
      {uploads.length > 0 ? <UploadTable uploads={uploads} onDelete={setDeleted} /> : null}
      {list.hasNextPage ? (
        <Button
          kind="quiet"
          icon="down"
          isBusy={list.isFetchingNextPage}
          onClick={() => list.fetchNextPage()}
        >
          Show more
        </Button>
      ) : null}
      {deleted === undefined ? null : <DeleteDialog upload={deleted} onClose={() => setDeleted(undefined)} />}
    </Panel>
  );
}

interface UploadTableProps {
  readonly uploads: readonly StoredUpload[];
  readonly onDelete: (upload: StoredUpload) => void;
}

function UploadTable({ uploads, onDelete }: UploadTableProps) {
  const canDelete = useCan('operator');
  return (
    <table className="uploads">
      <thead>
        <tr>
          <th scope="col">File and id</th>
          <th scope="col" className="number">
            Size
          </th>
          <th scope="col" className="upload-time">
            Uploaded
          </th>
          <th scope="col">
            <span className="read-only">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {uploads.map((upload) => (
          <tr key={upload.id}>
            <td>
              {upload.filename === undefined ? null : <div>{upload.filename}</div>}
              <span className="mono">{upload.id}</span>
            </td>
            <td className="number">{formatBytes(upload.sizeBytes)}</td>
            <td className="upload-time">
              <Time at={upload.uploadTime} />
            </td>
            <td className="upload-actions">
              <CopyButton text={`upload:${upload.id}`} label={`Copy the source of ${upload.id}`} isIcon />
              {canDelete ? (
                <IconButton icon="trash" label={`Delete ${upload.id}`} onClick={() => onDelete(upload)} />
              ) : null}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function DeleteDialog({ upload, onClose }: { upload: StoredUpload; onClose: () => void }) {
  const api = useApi();
  const toasts = useToasts();
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api.deleteUpload(upload.id),
    onSuccess: () => {
      toasts.say('Upload deleted');
      onClose();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['uploads', api.partitionId] }),
  });
  return (
    <ConfirmDialog
      title="Delete this upload?"
      action="Delete"
      isDangerous
      isBusy={remove.isPending}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      <p className="mono upload-name">{upload.id}</p>
      <p>Jobs that have not read it yet fail, and retries that read it again fail too.</p>
      {remove.isError ? <ErrorBox error={remove.error} /> : null}
    </ConfirmDialog>
  );
}

import { useMutation } from '@tanstack/react-query';
import { isFinal, type Job, type JobHandle, type ResultPart } from 'jobtree/client';
import { useState } from 'react';
import { Button } from '../../parts/button.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { formatBytes, plural } from '../../parts/format.ts';
import { Icon } from '../../parts/icons.tsx';
import { useToasts } from '../../parts/toasts.tsx';
import { downloadUrl } from './preview-kind.ts';

/** Browsers ask people before they save many files, so more are left to the command line. */
const MAX_FILES = 100;
/** Between two downloads, or browsers drop some of them. */
const PAUSE_MILLIS = 300;

/** Lists the result files of the job, and downloads one or all. */
export function ResultFiles({ job, handle }: { job: Job; handle: JobHandle }) {
  const toasts = useToasts();
  const list = useMutation({
    mutationFn: () => handle.results({ limit: MAX_FILES + 1 }).toArray(),
    onError: toasts.fail,
    onSuccess: (files) => {
      if (files.length === 0)
        toasts.say(isFinal(job.status) ? 'The job has no result files' : 'The job has no result files yet');
    },
  });
  return (
    <>
      <Button icon="download" isBusy={list.isPending} onClick={() => list.mutate()}>
        Result files
      </Button>
      {list.data === undefined || list.data.length === 0 ? null : (
        <FilesDialog files={list.data} job={job} onClose={list.reset} />
      )}
    </>
  );
}

function FilesDialog({
  files,
  job,
  onClose,
}: {
  files: readonly ResultPart[];
  job: Job;
  onClose: () => void;
}) {
  const [isBusy, setBusy] = useState(false);
  const isMore = files.length > MAX_FILES;
  const shown = files.slice(0, MAX_FILES);
  const command = `jobtree results ${job.id} -o results`;
  const downloadAll = async () => {
    setBusy(true);
    for (const file of shown) {
      download(file);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLIS));
    }
    setBusy(false);
  };
  return (
    <Dialog
      title={isMore ? `The first ${MAX_FILES} result files` : plural(files.length, 'result file')}
      onClose={onClose}
      isWide
      actions={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button kind="primary" icon="download" isBusy={isBusy} onClick={downloadAll}>
            Download {isMore ? `these ${MAX_FILES}` : 'all'}
          </Button>
        </>
      }
    >
      <div className="command">
        <code>{command}</code>
        <CopyButton text={command} label="Copy the command" isIcon />
      </div>
      <ul className="parts">
        {shown.map((file) => (
          <li key={`${file.itemId} ${file.filename}`}>
            <FileRow file={file} />
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

function FileRow({ file }: { file: ResultPart }) {
  const { filename, itemId, sizeBytes, note } = file;
  const url = downloadUrl(file);
  return (
    <div className="part">
      <Icon name="file" />
      {url === undefined ? (
        <span className="part-name">{filename}</span>
      ) : (
        <a className="part-name" href={url} download={filename}>
          {filename}
        </a>
      )}
      <span className="muted">
        item {itemId}
        {sizeBytes === undefined ? '' : ` · ${formatBytes(sizeBytes)}`}
        {url === undefined ? ` · ${note ?? file.url}` : ''}
      </span>
    </div>
  );
}

function download(file: ResultPart): void {
  const url = downloadUrl(file);
  if (url === undefined) return;
  const link = document.createElement('a');
  link.href = url;
  link.download = file.filename;
  link.click();
}

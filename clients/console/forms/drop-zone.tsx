import { type DragEvent, useId, useRef, useState } from 'react';
import { Button, IconButton } from '../parts/button.tsx';
import { formatBytes } from '../parts/format.ts';
import { Icon } from '../parts/icons.tsx';
import type { FileUpload } from './uploads.ts';

interface DropZoneProps {
  readonly acceptsMany: boolean;
  readonly uploads: readonly FileUpload[];
  readonly onFiles: (files: readonly File[]) => void;
  readonly onForget: (upload: FileUpload) => void;
}

/** Takes files by drop or choice, and shows the progress of each. */
export function DropZone({ acceptsMany, uploads, onFiles, onForget }: DropZoneProps) {
  const input = useRef<HTMLInputElement>(null);
  const inputId = useId();
  const [isOver, setOver] = useState(false);
  const take = (list: FileList | null) => {
    const files = [...(list ?? [])];
    if (files.length > 0) onFiles(acceptsMany ? files : files.slice(0, 1));
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  };
  return (
    <>
      <section
        className={isOver ? 'drop drop-over' : 'drop'}
        aria-label="Upload"
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <Button icon="upload" onClick={() => input.current?.click()}>
          {acceptsMany ? 'Choose files' : 'Choose a file'}
        </Button>
        <span className="muted">{acceptsMany ? 'or drop them here' : 'or drop it here'}</span>
        <label className="read-only" htmlFor={inputId}>
          {acceptsMany ? 'Files to upload' : 'File to upload'}
        </label>
        <input
          id={inputId}
          ref={input}
          type="file"
          tabIndex={-1}
          className="read-only"
          multiple={acceptsMany}
          onChange={(event) => {
            take(event.target.files);
            event.target.value = '';
          }}
        />
      </section>
      {uploads.length === 0 ? null : (
        <ul className="drop-files" aria-live="polite">
          {uploads.map((upload) => (
            <UploadRow key={upload.key} upload={upload} onForget={() => onForget(upload)} />
          ))}
        </ul>
      )}
    </>
  );
}

function UploadRow({ upload, onForget }: { upload: FileUpload; onForget: () => void }) {
  const { file, sentBytes, source, problem } = upload;
  return (
    <li className="drop-file">
      <Icon name={problem === undefined ? (source === undefined ? 'file' : 'check') : 'warning'} />
      <span className="drop-name">{file.name}</span>
      {problem === undefined ? (
        <>
          <span className="muted number nowrap">
            {source === undefined
              ? `${formatBytes(sentBytes)} of ${formatBytes(file.size)}`
              : formatBytes(file.size)}
          </span>
          {source === undefined ? (
            <progress max={Math.max(1, file.size)} value={sentBytes} aria-label={`Upload of ${file.name}`} />
          ) : (
            <span className="drop-done">uploaded</span>
          )}
        </>
      ) : (
        <span className="form-problem">{problem}</span>
      )}
      {source === undefined && problem === undefined ? null : (
        <IconButton icon="close" label={`Remove ${file.name}`} onClick={onForget} />
      )}
    </li>
  );
}

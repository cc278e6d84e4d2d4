import { useMutation } from '@tanstack/react-query';
import { isFinal, type Job, type JobHandle, type JobPatch } from 'jobtree/client';
import { useId, useState } from 'react';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { ErrorBox } from '../../parts/states.tsx';
import { useToasts } from '../../parts/toasts.tsx';
import { useJobRefresh } from './use-job.ts';

interface EditDialogProps {
  readonly job: Job;
  readonly handle: JobHandle;
  readonly onClose: () => void;
}

/** Edits what is only for people and for the order of jobs. A change by others meanwhile is refused. */
export function EditDialog({ job, handle, onClose }: EditDialogProps) {
  const [name, setName] = useState(job.name ?? '');
  const [description, setDescription] = useState(job.description ?? '');
  const [labels, setLabels] = useState(linesOf(job.labels));
  const [priority, setPriority] = useState(String(job.priority));
  const toasts = useToasts();
  const refresh = useJobRefresh(handle);
  const edit = useMutation({
    mutationFn: (patch: JobPatch) => handle.edit(patch, { ifVersion: job.version }),
    onSuccess: () => {
      toasts.say('Saved');
      onClose();
    },
    onSettled: refresh,
  });
  const hasStarted = job.startTime !== undefined || isFinal(job.status);
  const submit = () =>
    edit.mutate({
      name: name === '' ? null : name,
      description: description === '' ? null : description,
      labels: labelPatch(job.labels, labelsOf(labels)),
      ...(hasStarted ? {} : { priority: Number(priority) }),
    });
  return (
    <Dialog
      title={`Edit ${job.id}`}
      onClose={onClose}
      onSubmit={submit}
      actions={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button submits kind="primary" isBusy={edit.isPending}>
            Save
          </Button>
        </>
      }
    >
      <TextField label="Name" value={name} onChange={setName} />
      <TextField label="Description" value={description} onChange={setDescription} />
      <TextField label="Labels, one a line: key=value" value={labels} onChange={setLabels} rows={4} />
      {hasStarted ? null : <TextField label="Priority, 0 to 9" value={priority} onChange={setPriority} />}
      {edit.isError ? <ErrorBox error={edit.error} /> : null}
    </Dialog>
  );
}

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly rows?: number;
}

function TextField({ label, value, onChange, rows = 1 }: TextFieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {rows === 1 ? (
        <input id={id} value={value} autoComplete="off" onChange={(event) => onChange(event.target.value)} />
      ) : (
        <textarea id={id} rows={rows} value={value} onChange={(event) => onChange(event.target.value)} />
      )}
    </div>
  );
}

function linesOf(labels: Job['labels']): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join('\n');
}

function labelsOf(lines: string): Record<string, string> {
  const pairs = lines.split('\n').flatMap((line) => {
    const [key = '', ...value] = line.split('=');
    return key.trim() === '' ? [] : [[key.trim(), value.join('=').trim()]];
  });
  return Object.fromEntries(pairs);
}

/** A merge patch keeps what it does not name, so that removed labels become null. */
function labelPatch(old: Job['labels'], labels: Record<string, string>): Record<string, string | null> {
  return { ...Object.fromEntries(Object.keys(old).map((key) => [key, null])), ...labels };
}

import type { JobRequest } from 'jobtree/client';
import { API_URL } from '../../addresses.ts';
import { useApi } from '../../data/api.ts';
import type { DraftState } from '../../forms/draft.ts';
import { JsonEditor } from '../../forms/json-editor.tsx';
import type { Problem } from '../../forms/json-schema.ts';
import { ButtonRow } from '../../parts/button.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Panel } from '../../parts/page.tsx';
import { asCommand, asCurl } from '../job/request-code.ts';

interface RequestPanelProps {
  readonly draft: DraftState;
  readonly problems: readonly Problem[];
  /** Parts that are missing, and are not shown as problems yet. */
  readonly missing: readonly Problem[];
}

/** The request as JSON. Changes of the form appear here, and changes here in the form. */
export function RequestPanel({ draft, problems, missing }: RequestPanelProps) {
  const { partitionId } = useApi();
  const place = { url: API_URL, partition: partitionId };
  const request = draft.value as unknown as JobRequest;
  return (
    <Panel
      title="Request"
      actions={
        <ButtonRow>
          <CopyButton text={() => asCurl(request, place)} label="curl" />
          <CopyButton text={() => asCommand(request, place)} label="Command line" />
        </ButtonRow>
      }
    >
      <JsonEditor
        label="Request as JSON"
        text={draft.text}
        onChange={draft.setText}
        textProblem={draft.textProblem}
        problems={problems}
        rows={Math.max(16, Math.min(32, draft.text.split('\n').length + 1))}
        okText="The request matches the schemas."
        openText={
          missing.length === 0
            ? undefined
            : `Still missing: ${missing.map(({ path }) => path.at(-1)).join(', ')}`
        }
      />
    </Panel>
  );
}

import type { JobType, Template } from 'jobtree/client';
import type { JsonSchema } from '../../forms/json-schema.ts';
import { formatCount, formatDuration } from '../../parts/format.ts';
import { CodeView, JsonView } from '../../parts/json-view.tsx';
import { Facts, Panel } from '../../parts/page.tsx';
import { SchemaTable } from '../../parts/schema-table.tsx';
import { Time } from '../../parts/time.tsx';
import type { DocumentView } from './kinds.ts';
import { TemplateFlow } from './template-flow.tsx';

const DAY_SECONDS = 86_400;
const DEFAULT_ATTEMPTS = 3;

/** The facts, the work and the parameters of a document. */
export function DocumentOverview({ document, body }: { document: DocumentView; body: JsonSchema }) {
  return (
    <>
      <Facts facts={factsOf(document)} />
      {'steps' in document ? <TemplateParts template={document} /> : <MappingParts jobType={document} />}
      <Panel title="Parameters">
        {document.parametersSchema === undefined ? (
          <p className="muted">It takes no parameters.</p>
        ) : (
          <SchemaTable schema={document.parametersSchema} label="Parameters" />
        )}
      </Panel>
      <Panel title="JSON">
        <JsonView value={body} label="Document" />
      </Panel>
    </>
  );
}

function itemsText(itemsPerTask: number | undefined) {
  return itemsPerTask === undefined ? 'chosen by its workers' : formatCount(itemsPerTask);
}

function factsOf(document: DocumentView) {
  const { version, createTime, createdBy } = document;
  const isTemplate = 'steps' in document;
  return {
    Version: version,
    Saved: createTime === undefined ? undefined : <Time at={createTime} />,
    By: createdBy,
    'New jobs': isTemplate ? (document.enabled === false ? 'disabled' : 'allowed') : undefined,
    'Items in one task': isTemplate ? itemsText(document.itemsPerTask) : undefined,
  };
}

function TemplateParts({ template }: { template: Template }) {
  return (
    <>
      <Panel title="Flow">
        <TemplateFlow template={template} />
      </Panel>
      <Panel title="Steps">
        <ul className="step-list">
          {template.steps.map((step) => (
            <li key={step.name}>
              <h3>{step.name}</h3>
              <p className="muted">{stepText(step)}</p>
              {Object.keys(step.parameters ?? {}).length === 0 ? null : (
                <JsonView value={step.parameters} label={`Parameters of ${step.name}`} />
              )}
            </li>
          ))}
        </ul>
      </Panel>
    </>
  );
}

function stepText(step: Template['steps'][number]): string {
  const { worker, splitter, inputMimeTypes = [], expectsNewPart, takesFailed, maxAttempts } = step;
  const { timeoutSeconds = DAY_SECONDS, after } = step;
  return [
    `worker ${worker}`,
    ...(splitter === undefined ? [] : [`splits by ${splitter}`]),
    ...(inputMimeTypes.length === 0 ? [] : [`takes ${inputMimeTypes.join(', ')}`]),
    ...(expectsNewPart ? ['must make a new file'] : []),
    ...(takesFailed ? ['also takes failed items'] : []),
    ...(after === undefined ? [] : [`after ${after.join(' and ')}`]),
    ...(maxAttempts === undefined || maxAttempts === DEFAULT_ATTEMPTS ? [] : [`${maxAttempts} attempts`]),
    ...(timeoutSeconds === DAY_SECONDS ? [] : [`at most ${formatDuration(timeoutSeconds * 1000)}`]),
  ].join(' · ');
}

function MappingParts({ jobType }: { jobType: JobType }) {
  const { mapping, configuration, constants } = jobType;
  return (
    <>
      <Panel title="Mapping">
        <CodeView text={mapping} label="Mapping" />
      </Panel>
      {Object.keys(constants).length === 0 ? null : (
        <Panel title="Constants">
          <JsonView value={constants} label="Constants" />
        </Panel>
      )}
      {configuration === undefined || Object.keys(configuration).length === 0 ? null : (
        <Panel title="Configuration">
          <JsonView value={configuration} label="Configuration" />
        </Panel>
      )}
    </>
  );
}

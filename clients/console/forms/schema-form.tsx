// The index of the package also has its tests, which need a validator that compiles code.
import Form from '@rjsf/core/lib/components/Form.js';
import type { RJSFSchema } from '@rjsf/utils';
import { useMemo } from 'react';
import { errorSchemaOf } from './error-schema.ts';
import { uiSchemaOf, withBranchNames } from './field-kind.ts';
import type { FormContext } from './form-context.ts';
import type { JsonSchema, Problem } from './json-schema.ts';
import { JsonValueField } from './json-value-field.tsx';
import { PairsField } from './pairs-field.tsx';
import { VALIDATOR } from './rjsf-validator.ts';
import { withoutUndefined } from './set-at.ts';
import { SourceField } from './source-field.tsx';
import { StringsField } from './strings-field.tsx';
import { TEMPLATES } from './templates.tsx';
import { WIDGETS } from './widgets.tsx';

interface SchemaFormProps {
  /** Unique among the forms of a page. */
  readonly id: string;
  readonly schema: JsonSchema;
  readonly value: unknown;
  /** Problems to show at their fields, with paths below the value. */
  readonly problems: readonly Problem[];
  readonly onChange: (value: unknown) => void;
  readonly onUpload: FormContext['onUpload'];
}

const FIELDS = { source: SourceField, strings: StringsField, pairs: PairsField, json: JsonValueField };

/** The form for a JSON Schema. Defaults are shown, but stay out of the value. */
export function SchemaForm({ id, schema, value, problems, onChange, onUpload }: SchemaFormProps) {
  const shown = useMemo(() => withBranchNames(schema), [schema]);
  const uiSchema = useMemo(() => uiSchemaOf(shown), [shown]);
  const extraErrors = useMemo(() => errorSchemaOf(problems, uiSchema), [problems, uiSchema]);
  const formContext: FormContext = { onUpload };
  return (
    <Form
      // Another schema is another form: the library keeps a state for each.
      key={id}
      tagName="div"
      className="schema-form"
      idPrefix={id}
      schema={shown as RJSFSchema}
      uiSchema={uiSchema}
      formData={value}
      formContext={formContext}
      validator={VALIDATOR}
      noValidate
      noHtml5Validate
      extraErrors={extraErrors}
      showErrorList={false}
      experimental_defaultFormStateBehavior={{ emptyObjectFields: 'skipDefaults' }}
      fields={FIELDS}
      templates={TEMPLATES}
      widgets={WIDGETS}
      onChange={({ formData }) => {
        const next = withoutUndefined(formData);
        // The library also reports values that it completed with empty objects.
        if (JSON.stringify(next ?? {}) !== JSON.stringify(value ?? {})) onChange(next);
      }}
    >
      <span />
    </Form>
  );
}

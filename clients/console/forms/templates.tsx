/** The frame of each field: label, description, problem. */
import {
  type ArrayFieldItemTemplateProps,
  type ArrayFieldTemplateProps,
  descriptionId,
  errorId,
  type FieldTemplateProps,
  getUiOptions,
  type MultiSchemaFieldTemplateProps,
  type ObjectFieldTemplateProps,
  titleId,
} from '@rjsf/utils';
import { Button, IconButton } from '../parts/button.tsx';
import { WithCode } from '../parts/with-code.tsx';
import { BaseInput } from './widgets.tsx';

/** Members of an object that are themselves objects have their own frame. */
function FieldTemplate(props: FieldTemplateProps) {
  const { id, label, required = false, rawDescription, rawErrors = [], hidden, children, schema } = props;
  if (hidden) return <div hidden>{children}</div>;
  const isRoot = props.fieldPathId.path.length === 0;
  const isOwnField = getUiOptions(props.uiSchema).field !== undefined;
  const isGroup = !isOwnField && (schema.type === 'object' || schema.type === 'array' || isUnion(schema));
  if (isGroup || isRoot) {
    return (
      <div className="form-group">
        {children}
        <FieldProblems id={id} problems={rawErrors} />
      </div>
    );
  }
  const description = <FieldDescription id={id} text={rawDescription} />;
  if (schema.type === 'boolean') {
    return (
      <div className="field form-field">
        <span className="form-check">
          {children}
          <label htmlFor={id}>
            <code>{label}</code>
          </label>
        </span>
        {description}
        <FieldProblems id={id} problems={rawErrors} />
      </div>
    );
  }
  return (
    <div className="field form-field">
      <label htmlFor={id}>
        <FieldName name={label} isRequired={required} />
      </label>
      {description}
      {children}
      <FieldProblems id={id} problems={rawErrors} />
    </div>
  );
}

function isUnion(schema: FieldTemplateProps['schema']): boolean {
  return schema.anyOf !== undefined || schema.oneOf !== undefined;
}

export function FieldName({ name, isRequired }: { name: string; isRequired: boolean }) {
  return (
    <>
      <code>{name}</code>
      {isRequired ? <span className="form-required"> required</span> : null}
    </>
  );
}

function FieldDescription({ id, text }: { id: string; text: string | undefined }) {
  if (text === undefined || text === '') return null;
  return (
    <p id={descriptionId(id)} className="form-description">
      <WithCode text={text} />
    </p>
  );
}

export function FieldProblems({ id, problems }: { id: string; problems: readonly string[] }) {
  if (problems.length === 0) return null;
  return (
    <p id={errorId(id)} className="form-problem">
      {problems.join('; ')}
    </p>
  );
}

function ObjectTemplate(props: ObjectFieldTemplateProps) {
  const { fieldPathId, title, description, required = false, properties, schema } = props;
  const isRoot = fieldPathId.path.length === 0;
  if (properties.length === 0) {
    if (schema.anyOf !== undefined || schema.oneOf !== undefined) return null;
    return isRoot ? <p className="muted">It has no settings.</p> : null;
  }
  if (isRoot) return <div className="form-fields">{properties.map(({ content }) => content)}</div>;
  return (
    <fieldset className="form-set">
      <legend id={titleId(fieldPathId)}>
        <FieldName name={title} isRequired={required} />
      </legend>
      {description === undefined ? null : <p className="form-description">{description}</p>}
      {properties.map(({ content }) => content)}
    </fieldset>
  );
}

function ArrayTemplate({
  title,
  schema,
  items,
  canAdd,
  onAddClick,
  required = false,
}: ArrayFieldTemplateProps) {
  return (
    <fieldset className="form-set">
      <legend>
        <FieldName name={title} isRequired={required} />
      </legend>
      {schema.description === undefined ? null : (
        <p className="form-description">
          <WithCode text={schema.description} />
        </p>
      )}
      {items}
      {canAdd ? (
        <div>
          <Button icon="plus" onClick={onAddClick}>
            Add an entry
          </Button>
        </div>
      ) : null}
    </fieldset>
  );
}

function ArrayItemTemplate({ children, buttonsProps, index }: ArrayFieldItemTemplateProps) {
  return (
    <div className="form-entry">
      {children}
      {buttonsProps.hasRemove ? (
        <IconButton icon="trash" label={`Remove entry ${index + 1}`} onClick={buttonsProps.onRemoveItem} />
      ) : null}
    </div>
  );
}

function UnionTemplate({ selector, optionSchemaField }: MultiSchemaFieldTemplateProps) {
  return (
    <div className="form-union">
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the selector is a select */}
      <label className="form-branch">
        <span className="muted">By</span>
        {selector}
      </label>
      {optionSchemaField}
    </div>
  );
}

const Nothing = () => null;

export const TEMPLATES = {
  FieldTemplate,
  ObjectFieldTemplate: ObjectTemplate,
  ArrayFieldTemplate: ArrayTemplate,
  ArrayFieldItemTemplate: ArrayItemTemplate,
  MultiSchemaFieldTemplate: UnionTemplate,
  BaseInputTemplate: BaseInput,
  DescriptionFieldTemplate: Nothing,
  FieldErrorTemplate: Nothing,
  FieldHelpTemplate: Nothing,
};

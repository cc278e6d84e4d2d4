import type { RJSFSchema, ValidatorType } from '@rjsf/utils';
import { isValid, type JsonSchema } from './json-schema.ts';

/**
 * The validator of the form library, which only selects branches of unions with it: all problems are computed
 * outside of the form, because the JSON beside it has the same ones.
 */
export const VALIDATOR: ValidatorType = {
  validateFormData: () => ({ errors: [], errorSchema: {} }),
  rawValidation: () => ({ errors: [] }),
  isValid: (schema, formData, rootSchema) =>
    typeof schema === 'boolean' ? schema : isValid(withDefinitions(schema, rootSchema), formData),
};

/** Branches refer to definitions of the whole schema. */
function withDefinitions(schema: RJSFSchema, { $defs, definitions }: RJSFSchema): JsonSchema {
  return { ...($defs && { $defs }), ...(definitions && { definitions }), ...schema };
}

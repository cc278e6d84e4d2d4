import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useApi } from '../data/api.ts';
import { isObject, type JsonSchema } from './json-schema.ts';

/** Returns the schema of a request body, from the OpenAPI document of the deployment; undefined until it is read. */
export function useApiSchema(name: string): JsonSchema | undefined {
  const api = useApi();
  const { data } = useQuery({
    queryKey: ['openapi'],
    queryFn: ({ signal }) => api.openApi({ signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return useMemo(() => {
    const components = data?.['components'];
    const schemas = isObject(components) ? components['schemas'] : undefined;
    const schema = isObject(schemas) ? schemas[name] : undefined;
    return isObject(schema) ? { ...schema, components: { schemas } } : undefined;
  }, [data, name]);
}

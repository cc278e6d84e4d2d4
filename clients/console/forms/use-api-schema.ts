import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useApi } from '../data/api.ts';
import { isObject, type JsonSchema } from './json-schema.ts';

interface ApiSchema {
  /** Undefined until the document is read. */
  readonly schema: JsonSchema | undefined;
  readonly isPending: boolean;
}

/** Returns the schema of a request body, from the OpenAPI document of the deployment. */
export function useApiSchema(name: string): ApiSchema {
  const api = useApi();
  const { data, isPending } = useQuery({
    queryKey: ['openapi'],
    queryFn: ({ signal }) => api.openApi({ signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const schema = useMemo(() => {
    const components = data?.['components'];
    const schemas = isObject(components) ? components['schemas'] : undefined;
    const schema = isObject(schemas) ? schemas[name] : undefined;
    return isObject(schema) ? { ...schema, components: { schemas } } : undefined;
  }, [data, name]);
  return { schema, isPending };
}

import type { OperationHandler } from '../request.ts';

/** Touches no store: it tells whether the API answers, not whether all is well behind it. */
export const getHealth: OperationHandler<'getHealth'> = async (_request, { version }) => ({
  status: 200,
  body: { status: 'ok', version },
});

export const EMULATORS = ['ministack', 'localstack'] as const;
export type EmulatorKind = (typeof EMULATORS)[number];

/** A running AWS emulator. */
export interface Emulator {
  readonly kind: EmulatorKind;
  /** Value for AWS_ENDPOINT_URL. */
  readonly endpoint: string;
  /**
   * Changes whenever the emulator starts empty. Records about a deployment are valid for one instance only.
   */
  readonly instance: string;
  /** Folder with the log, the CDK output and the record of the deployment. */
  readonly stateDir: string;
}

/** Access of the commands to an emulator. MiniStack is started by the commands; LocalStack is not. */
export interface EmulatorTarget {
  readonly kind: EmulatorKind;
  /**
   * Starts the emulator if it is managed here and not running. Throws a `LocalRefusal` if it is unavailable.
   */
  up(): Promise<Emulator>;
  /** Returns the emulator if it is running. */
  find(): Promise<Emulator | undefined>;
  /** Ends the emulator if it is managed here. Returns a sentence that describes the result. */
  down(): Promise<string>;
}

/**
 * Returns the base address of a deployed REST API, including the stage: `<base>/partitions/…` are the routes.
 * The emulators use different addresses for `https://<id>.execute-api.<region>.amazonaws.com/<stage>`.
 */
export function restBase({ kind, endpoint }: Pick<Emulator, 'kind' | 'endpoint'>, apiId: string): string {
  return kind === 'ministack'
    ? `${endpoint}/restapis/${apiId}/v1/_user_request_`
    : `${endpoint}/_aws/execute-api/${apiId}/v1`;
}

/** Returns the command that deploys the stack to an emulator, for the end of a sentence. */
export function deployCommand(kind: EmulatorKind): string {
  return `npm run local -- deploy${kind === 'ministack' ? '' : ` --on ${kind}`}`;
}

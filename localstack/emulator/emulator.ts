export const EMULATORS = ['ministack', 'localstack'] as const;
export type EmulatorKind = (typeof EMULATORS)[number];

/** A place that stands in for AWS and is up. */
export interface Emulator {
  readonly kind: EmulatorKind;
  /** What AWS_ENDPOINT_URL has to be. */
  readonly endpoint: string;
  /** Changes whenever the emulator begins with nothing: what is remembered of a deployment holds for one instance. */
  readonly instance: string;
  /** Folder of ours with its log, CDK output and what was deployed. */
  readonly stateDir: string;
}

/** How commands reach an emulator, whether it is ours to start or not. */
export interface EmulatorTarget {
  readonly kind: EmulatorKind;
  /** Starts it if it is ours and down; refuses with a sentence if it can't be had. */
  up(): Promise<Emulator>;
  /** The emulator if it is up. */
  find(): Promise<Emulator | undefined>;
  /** Ends it if it is ours; what happened, in words. */
  down(): Promise<string>;
}

/**
 * The base address of a deployed REST API, stage included: `<it>/partitions/…` are the routes.
 * The two emulators differ in where they answer for `https://<id>.execute-api.<region>.amazonaws.com/<stage>`.
 */
export function restBase({ kind, endpoint }: Pick<Emulator, 'kind' | 'endpoint'>, apiId: string): string {
  return kind === 'ministack'
    ? `${endpoint}/restapis/${apiId}/v1/_user_request_`
    : `${endpoint}/_aws/execute-api/${apiId}/v1`;
}

/** The command that brings the stack into an emulator, for the end of sentences. */
export function deployCommand(kind: EmulatorKind): string {
  return `npm run local -- deploy${kind === 'ministack' ? '' : ` --on ${kind}`}`;
}

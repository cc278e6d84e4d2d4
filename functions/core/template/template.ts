/**
 * A template: steps, each of which is a worker over all items, and the flow that selects the next step by
 * outcome.
 */
import type { ItemFailurePolicy } from '#core/job.ts';

/** Results of a step. They are also its outcome unless a worker sets a code. */
const STEP_RESULTS = ['COMPLETED', 'FAILED', 'COMPLETED_WITH_FAILURES'] as const;
export type StepResult = (typeof STEP_RESULTS)[number];

/** The splitter of steps whose items represent groups of outcomes of the previous step. */
export const STEP_RESULTS_SPLITTER = 'step-results';

/** The `on` of an edge for every outcome that has no other edge. */
export const ANY_OUTCOME = '*';

export interface TemplateStep {
  readonly name: string;
  readonly worker: string;
  /**
   * If present, the step splits its own definition. Otherwise it takes the items of the request or of the
   * previous step.
   */
  readonly splitter?: string | undefined;
  readonly definition?: unknown;
  /** MIME types of the parts that the worker receives, such as `image/*`; empty for all. */
  readonly inputMimeTypes: readonly string[];
  /** Treatment of an item that has no such part: it gets a note, or fails. @default 'note' */
  readonly onNoParts?: 'note' | 'fail' | undefined;
  /** True if an item fails when the worker creates no new part for it. */
  readonly expectsNewPart: boolean;
  /** True if the parts that the worker received become META, so that they are not results any more. */
  readonly marksSourceMeta: boolean;
  /**
   * True if the step also processes items that failed or were skipped in an earlier step. Otherwise they keep
   * that outcome.
   */
  readonly takesFailed: boolean;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly onItemFailure: ItemFailurePolicy;
  readonly maxAttempts: number;
  readonly timeoutSeconds: number;
  /** Set on a join: the last steps of the parallel branches before it. */
  readonly after?: readonly string[] | undefined;
}

export interface FlowEdge {
  readonly from: string;
  /** An outcome code, or `*`. */
  readonly on: string;
  /** One step, or the first steps of parallel branches. */
  readonly to: string | readonly string[];
  /** Maximum number of visits of the step; required on loops. */
  readonly maxVisits?: number | undefined;
}

export interface Template {
  readonly description: string;
  readonly enabled: boolean;
  readonly parametersSchema?: Readonly<Record<string, unknown>> | undefined;
  /** Number of items that a worker receives in one message. Without it, the workers of the steps decide. */
  readonly itemsPerTask?: number | undefined;
  /** The steps. The flow begins with the first one. */
  readonly steps: readonly TemplateStep[];
  /** Absent: the steps run in order, until one fails. */
  readonly flow?: readonly FlowEdge[] | undefined;
}

/** A fault that prevents a template from running, and its location. */
export interface TemplateFault {
  readonly path: readonly string[];
  readonly detail: string;
}

/**
 * Number of states that a visit of a step enters in addition to that of the step itself. AWS charges for
 * each.
 */
export interface StepTransitions {
  readonly before: number;
  /**
   * States after the step, by the first rule that matches: to the next step, to the end of the flow or
   * branch, or to the end of the job.
   */
  readonly after: {
    readonly rules: readonly {
      readonly of: 'outcome' | 'result';
      readonly is: string;
      readonly states: number;
    }[];
    readonly otherwise: number;
  };
}

/** A step as a job runs it: with its references resolved, and with the properties that the flow needs. */
export interface PlannedStep extends Omit<TemplateStep, 'after'> {
  /** Outcome codes that have an edge, in the order of the edges. */
  readonly codes: readonly string[];
  /** True if the job fails when the step fails. */
  readonly failsJob: boolean;
  /** True if no later step takes the items. */
  readonly isLast: boolean;
  readonly transitions: StepTransitions;
}

/** An item of a request, as the first step receives it. */
export interface RequestedItem {
  readonly id?: string | undefined;
  readonly parts: readonly {
    readonly url: string;
    readonly filename?: string | undefined;
    readonly type: 'BASE_PART' | 'META';
    readonly mimeType: string;
    readonly properties?: Readonly<Record<string, string>> | undefined;
  }[];
  readonly indexData?: Readonly<Record<string, unknown>> | undefined;
  readonly properties?: Readonly<Record<string, unknown>> | undefined;
}

/** The flow of one job, captured with its request. Later versions of the template do not change it. */
export interface FlowPlan {
  readonly steps: readonly PlannedStep[];
  readonly items: readonly RequestedItem[];
}

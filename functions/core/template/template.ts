/** A template: a job of several steps, each a worker over all items, and which step follows which outcome. */
import type { ItemFailurePolicy } from '#core/job.ts';

/** How a step ends unless a worker sets a code of its own. */
const STEP_RESULTS = ['COMPLETED', 'FAILED', 'COMPLETED_WITH_FAILURES'] as const;
export type StepResult = (typeof STEP_RESULTS)[number];

/** The splitter of steps whose items stand for groups of outcomes of the step before. */
export const STEP_RESULTS_SPLITTER = 'step-results';

/** `on` of an edge that takes every outcome for which there is no other. */
export const ANY_OUTCOME = '*';

export interface TemplateStep {
  readonly name: string;
  readonly worker: string;
  /** With it the step splits a definition of its own; without, it takes the items of the request or of the step before. */
  readonly splitter?: string | undefined;
  readonly definition?: unknown;
  /** Parts that the worker sees, such as `image/*`; none: all. */
  readonly inputMimeTypes: readonly string[];
  /** An item of which the worker makes no new part has failed. */
  readonly expectsNewPart: boolean;
  /** The parts that the worker saw become META: they are results no more. */
  readonly marksSourceMeta: boolean;
  /** Items that failed or were skipped in an earlier step come along; else they keep that outcome. */
  readonly takesFailed: boolean;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly onItemFailure: ItemFailurePolicy;
  readonly maxAttempts: number;
  readonly timeoutSeconds: number;
  /** Of a join: the steps at which the parallel branches before it end. */
  readonly after?: readonly string[] | undefined;
}

export interface FlowEdge {
  readonly from: string;
  /** An outcome code, or `*`. */
  readonly on: string;
  /** One step, or the first steps of parallel branches. */
  readonly to: string | readonly string[];
  /** How often the step may be visited at most; needed where the flow goes round. */
  readonly maxVisits?: number | undefined;
}

export interface Template {
  readonly description: string;
  readonly enabled: boolean;
  readonly parametersSchema?: Readonly<Record<string, unknown>> | undefined;
  /** Items that go to a worker in one message. */
  readonly itemsPerTask: number;
  /** The flow begins with the first one. */
  readonly steps: readonly TemplateStep[];
  /** Absent: in order, until a step fails. */
  readonly flow?: readonly FlowEdge[] | undefined;
}

/** Something that keeps a template from running, and where it stands. */
export interface TemplateFault {
  readonly path: readonly string[];
  readonly detail: string;
}

/** States of the machine that a visit of a step enters beside that of the step itself; each of them is charged. */
export interface StepTransitions {
  readonly before: number;
  /** By what the step came to, the first that holds: to the next step, to the end of the flow or branch, or of the job. */
  readonly after: {
    readonly rules: readonly {
      readonly of: 'outcome' | 'result';
      readonly is: string;
      readonly states: number;
    }[];
    readonly otherwise: number;
  };
}

/** A step as a job runs it: its references resolved, and what the flow asks after it. */
export interface PlannedStep extends Omit<TemplateStep, 'after'> {
  /** Outcome codes that have an edge, in the order of the edges. */
  readonly codes: readonly string[];
  /** Whether the job fails when the step does. */
  readonly failsJob: boolean;
  /** Whether items are through when they are through here: no step takes them on. */
  readonly isLast: boolean;
  readonly transitions: StepTransitions;
}

/** An item of a request as the first step finds it. */
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

/** What a job runs, captured with its request: later versions of the template change nothing of it. */
export interface FlowPlan {
  readonly steps: readonly PlannedStep[];
  readonly items: readonly RequestedItem[];
}

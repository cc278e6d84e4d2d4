/**
 * Draws the steps of a template and the edges between them, piece by piece. Every plan is a valid template.
 */
import type { FlowEdge } from '#core/template/template.ts';
import type { Chance } from './chance.ts';

export interface PlannedStep {
  readonly name: string;
  readonly after: readonly string[] | undefined;
  readonly takesFailed: boolean;
  /** Source of the items that the step splits: a definition, or groups of outcomes of the previous step. */
  readonly splits: 'definition' | 'outcomes' | undefined;
  /** True if the workers of the step set outcome codes more often than others. */
  readonly setsCodes: boolean;
}

/** An edge without a target yet. */
interface OpenEdge {
  readonly from: string;
  readonly on: string;
}

type Edge = Omit<FlowEdge, 'to'> & { readonly to: string | string[] };

type Rules = Partial<Omit<PlannedStep, 'name'>>;

const MAX_PIECES = 3;
const ENOUGH_STEPS = 10;

export class FlowPlan {
  readonly steps: PlannedStep[] = [];
  readonly edges: Edge[] = [];
  /** True if the template has no edges: its steps run in order until one fails. */
  readonly isInOrder: boolean;
  readonly #chance: Chance;
  /** Edges that lead to the next piece. */
  #openEdges: OpenEdge[] = [];

  constructor(chance: Chance) {
    this.#chance = chance;
    this.isInOrder = chance.is(0.25);
    const pieces = chance.between(1, MAX_PIECES);
    const heads = Array.from({ length: pieces }, (_, at) => this.#piece(at === 0));
    if (!this.isInOrder && chance.is(0.15)) this.#goBack(chance.pick(heads));
  }

  /** Adds a piece and returns the name of its first step. */
  #piece(isFirst: boolean): string {
    const chance = this.#chance;
    if (this.isInOrder || this.steps.length > ENOUGH_STEPS) return this.#singleStep(this.#rules(isFirst));
    const kind = chance.pick([
      'plain',
      'plain',
      'mended',
      'coded',
      'loop',
      'longLoop',
      'fork',
      'fork',
    ] as const);
    switch (kind) {
      case 'plain':
        return this.#singleStep(this.#rules(isFirst));
      case 'mended':
        return this.#repairStep(isFirst);
      case 'coded':
        return this.#codedStep(isFirst);
      case 'loop':
        return this.#loop(this.#rules(isFirst));
      case 'longLoop':
        return this.#longLoop(isFirst);
      default:
        return this.#fork(isFirst);
    }
  }

  #rules(isFirst: boolean): Rules {
    const chance = this.#chance;
    const takesFailed = chance.is(0.2);
    if (chance.is(0.15)) return { splits: 'definition' };
    return !isFirst && chance.is(0.1) ? { splits: 'outcomes' } : { takesFailed };
  }

  #add(rules: Rules = {}): string {
    const name = `s${this.steps.length}`;
    const defaults = { after: undefined, takesFailed: false, splits: undefined, setsCodes: false };
    this.steps.push({ ...defaults, ...rules, name });
    return name;
  }

  /** Adds a step and connects all open edges to it. */
  #enter(rules: Rules): string {
    const to = this.#add(rules);
    for (const edge of this.#openEdges) this.edges.push({ ...edge, to });
    this.#openEdges = [];
    return to;
  }

  #singleStep(rules: Rules): string {
    const step = this.#enter(rules);
    this.#openEdges = [{ from: step, on: this.#chance.pick(['*', 'COMPLETED']) }];
    return step;
  }

  /** Adds a step for failed items. That step leads on to the next piece or ends the flow. */
  #repairStep(isFirst: boolean): string {
    const step = this.#enter(this.#rules(isFirst));
    const on = this.#chance.pick(['FAILED', 'COMPLETED_WITH_FAILURES']);
    const mend = this.#add({ takesFailed: this.#chance.is(0.7) });
    this.edges.push({ from: step, on, to: mend });
    this.#openEdges = [{ from: step, on: 'COMPLETED' }];
    if (this.#chance.is(0.6)) this.#openEdges.push({ from: mend, on: '*' });
    return step;
  }

  #codedStep(isFirst: boolean): string {
    const step = this.#enter({ ...this.#rules(isFirst), setsCodes: true });
    const target = this.#add({ takesFailed: this.#chance.is(0.3) });
    this.edges.push({ from: step, on: this.#chance.pick(['MORE', 'DONE']), to: target });
    this.#openEdges = [
      { from: step, on: this.#chance.pick(['*', 'COMPLETED']) },
      { from: target, on: 'COMPLETED' },
    ];
    return step;
  }

  #loop(rules: Rules): string {
    const step = this.#enter({ ...rules, setsCodes: true });
    this.edges.push({ from: step, on: 'MORE', to: step, maxVisits: this.#chance.between(1, 3) });
    this.#openEdges = [{ from: step, on: this.#chance.pick(['*', 'COMPLETED']) }];
    return step;
  }

  #longLoop(isFirst: boolean): string {
    const step = this.#enter(this.#rules(isFirst));
    const back = this.#add({ takesFailed: this.#chance.is(0.3), setsCodes: true });
    this.edges.push({ from: step, on: '*', to: back });
    this.edges.push({ from: back, on: 'MORE', to: step, maxVisits: this.#chance.between(2, 3) });
    this.#openEdges = [{ from: back, on: 'COMPLETED' }];
    return step;
  }

  /** Adds branches of one or two steps, some of them loops, and the step that joins them. */
  #fork(isFirst: boolean): string {
    const chance = this.#chance;
    const step = this.#enter(this.#rules(isFirst));
    const ends: string[] = [];
    const heads = Array.from({ length: chance.between(2, 3) }, () => {
      const head = this.#branchStep();
      ends.push(chance.is(0.4) ? this.#second(head) : head);
      return head;
    });
    this.edges.push({ from: step, on: chance.pick(['*', 'COMPLETED']), to: heads });
    const join = this.#add({ after: ends, takesFailed: chance.is(0.2) });
    this.#openEdges = [{ from: join, on: chance.pick(['*', 'COMPLETED']) }];
    return step;
  }

  #branchStep(): string {
    const chance = this.#chance;
    const isLoop = chance.is(0.15);
    const step = this.#add({ takesFailed: chance.is(0.2), setsCodes: isLoop });
    if (isLoop) this.edges.push({ from: step, on: 'MORE', to: step, maxVisits: chance.between(1, 3) });
    return step;
  }

  #second(head: string): string {
    const second = this.#branchStep();
    this.edges.push({ from: head, on: this.#chance.pick(['*', 'COMPLETED']), to: second });
    return second;
  }

  /** Connects the last step to an earlier one, with at most two visits. */
  #goBack(to: string): void {
    const [last] = this.#openEdges;
    const step = this.steps.find(({ name }) => name === last?.from);
    if (last === undefined || step === undefined || step.name === to) return;
    if (this.edges.some(({ from, on }) => from === step.name && on === 'MORE')) return;
    this.edges.push({ from: last.from, on: 'MORE', to, maxVisits: 2 });
    this.steps[this.steps.indexOf(step)] = { ...step, setsCodes: true };
  }
}

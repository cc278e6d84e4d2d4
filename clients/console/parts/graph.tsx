import { useId, useMemo } from 'react';
import { type GraphEdge, layOut, type Point } from './graph-layout.ts';
import type { Tone } from './status.tsx';
import { useWidth } from './use-width.ts';

export interface StepNode {
  readonly id: string;
  readonly title: string;
  /** Lines below the title. */
  readonly lines?: readonly string[];
  /** @default idle */
  readonly tone?: Tone;
  readonly onOpen?: () => void;
}

export interface StepEdge extends GraphEdge {
  /** True if work has taken this edge. */
  readonly isTaken?: boolean;
}

interface GraphProps {
  /** Description for people who do not see the drawing. */
  readonly label: string;
  readonly nodes: readonly StepNode[];
  readonly edges: readonly StepEdge[];
}

const NODE_WIDTH = 176;
const TITLE_HEIGHT = 38;
const LINE_HEIGHT = 17;

/** A flow of steps as a drawing: boxes with counts, and arrows with outcomes. */
export function Graph({ label, nodes, edges }: GraphProps) {
  const direction = useWidth() === 'narrow' ? 'TB' : 'LR';
  const arrow = useId();
  const sizes = useMemo(
    () => nodes.map((node) => ({ id: node.id, width: NODE_WIDTH, height: heightOf(node) })),
    [nodes],
  );
  const layout = useMemo(() => layOut(sizes, edges, direction), [sizes, edges, direction]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: an area that scrolls must be reachable by keyboard
    <section className="graph" aria-label={label} tabIndex={0}>
      <svg
        width={layout.width}
        height={layout.height}
        viewBox={`0 0 ${layout.width} ${layout.height}`}
        aria-hidden="true"
      >
        <defs>
          <marker
            id={arrow}
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="7"
            markerHeight="7"
            orient="auto"
          >
            <path className="graph-arrow" d="M0 0 8 4 0 8z" />
          </marker>
        </defs>
        {layout.edges.map(({ edge, points, labelAt }) => (
          <g
            key={`${edge.from} ${edge.to} ${edge.label}`}
            className={edge.isTaken ? 'graph-edge graph-taken' : 'graph-edge'}
          >
            <path d={curve(points)} markerEnd={`url(#${arrow})`} />
            {edge.label === undefined ? null : <EdgeLabel text={edge.label} at={labelAt} />}
          </g>
        ))}
        {nodes.map((node) => (
          <NodeBox key={node.id} node={node} centre={layout.centres.get(node.id) ?? { x: 0, y: 0 }} />
        ))}
      </svg>
      <GraphText nodes={nodes} edges={edges} />
    </section>
  );
}

function heightOf({ lines = [] }: StepNode): number {
  return TITLE_HEIGHT + lines.length * LINE_HEIGHT;
}

const LABEL_CHARACTER = 6.2;

function EdgeLabel({ text, at: { x, y } }: { text: string; at: Point }) {
  const width = text.length * LABEL_CHARACTER + 6;
  return (
    <>
      <rect className="graph-label" x={x - width / 2} y={y - 8} width={width} height="16" rx="3" />
      <text x={x} y={y + 4} textAnchor="middle">
        {text}
      </text>
    </>
  );
}

function NodeBox({ node, centre }: { node: StepNode; centre: Point }) {
  const { title, lines = [], tone = 'idle', onOpen } = node;
  const height = heightOf(node);
  const [left, top] = [centre.x - NODE_WIDTH / 2, centre.y - height / 2];
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the list below the drawing has the same links
    <g className={`graph-node graph-${tone}${onOpen === undefined ? '' : ' graph-link'}`} onClick={onOpen}>
      <rect className="graph-box" x={left} y={top} width={NODE_WIDTH} height={height} rx="8" />
      <rect className="graph-mark" x={left} y={top + 8} width="3" height={height - 16} rx="1.5" />
      <text className="graph-title" x={left + 14} y={top + 24}>
        {shortened(title, 21)}
      </text>
      {lines.map((line, at) => (
        <text key={line} className="graph-line" x={left + 14} y={top + 24 + (at + 1) * LINE_HEIGHT}>
          {shortened(line, 27)}
        </text>
      ))}
    </g>
  );
}

/** The graph in words, for screen readers. */
function GraphText({ nodes, edges }: Pick<GraphProps, 'nodes' | 'edges'>) {
  return (
    <ul className="read-only">
      {nodes.map(({ id, title, lines = [] }) => {
        const next = edges
          .filter(({ from }) => from === id)
          .map(({ to, label }) => `${label ?? ''} to ${to}`);
        return <li key={id}>{[title, ...lines, ...next].join(', ')}</li>;
      })}
    </ul>
  );
}

function shortened(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

/** A smooth line through the points of an edge. */
function curve(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  const parts = [`M${first.x} ${first.y}`];
  for (const [at, point] of rest.entries()) {
    const next = rest[at + 1];
    if (next === undefined) parts.push(`L${point.x} ${point.y}`);
    else parts.push(`Q${point.x} ${point.y} ${(point.x + next.x) / 2} ${(point.y + next.y) / 2}`);
  }
  return parts.join('');
}

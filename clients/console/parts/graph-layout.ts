import dagre from '@dagrejs/dagre';

export interface GraphNode {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly label?: string | undefined;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface PlacedEdge<E extends GraphEdge> {
  readonly edge: E;
  readonly points: readonly Point[];
  /** Centre of the label. */
  readonly labelAt: Point;
}

export interface Layout<E extends GraphEdge> {
  readonly width: number;
  readonly height: number;
  /** Centre of each node, by its id. */
  readonly centres: ReadonlyMap<string, Point>;
  readonly edges: readonly PlacedEdge<E>[];
}

const CHARACTER_WIDTH = 6.5;
const LABEL_HEIGHT = 16;

/** Lays out the nodes of a directed graph in layers. `direction` is LR (left to right) or TB (top to bottom). */
export function layOut<E extends GraphEdge>(
  nodes: readonly GraphNode[],
  edges: readonly E[],
  direction: 'LR' | 'TB',
): Layout<E> {
  const graph = new dagre.graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: direction, nodesep: 24, ranksep: 40, edgesep: 16, marginx: 8, marginy: 8 });
  for (const { id, width, height } of nodes) graph.setNode(id, { width, height });
  for (const [at, { from, to, label }] of edges.entries()) {
    const width = label === undefined ? 0 : label.length * CHARACTER_WIDTH + 8;
    graph.setEdge(
      from,
      to,
      { width, height: label === undefined ? 0 : LABEL_HEIGHT, labelpos: 'c' },
      String(at),
    );
  }
  dagre.layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  return {
    width,
    height,
    centres: new Map(nodes.map(({ id }) => [id, pointOf(graph.node(id))])),
    edges: edges.map((edge, at) => {
      const placed = graph.edge({ v: edge.from, w: edge.to, name: String(at) });
      return { edge, points: (placed.points ?? []).map(pointOf), labelAt: pointOf(placed) };
    }),
  };
}

function pointOf({ x = 0, y = 0 }: { x?: number | undefined; y?: number | undefined }): Point {
  return { x, y };
}

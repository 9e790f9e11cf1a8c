import { nodeAt, type SourceNode } from '#shared/study/source-node.ts';
import { counted } from '../quantity-text.ts';

export interface PrintedNumbers {
  readonly condition: string;
  /** `7 detectors and intervals, late value, repulsion at 5 epochs`. */
  readonly holds: string;
}

/** What a study file says was published, a condition a line. */
export function printedNumbers(published: SourceNode | undefined): readonly PrintedNumbers[] {
  const conditions = nodeAt(published, ['conditions']);
  if (conditions?.kind !== 'mapping') return [];
  return [...conditions.entries].map(([condition, { value }]) => {
    const [detectors, epochs] = [sizeOf(value, 'detectors'), sizeOf(value, 'repulsion')];
    const holds = [
      ...(detectors > 0 ? [counted(detectors, 'detector or interval', 'detectors and intervals')] : []),
      ...(nodeAt(value, ['late']) ? ['late value'] : []),
      ...(epochs > 0 ? [`repulsion at ${counted(epochs, 'epoch')}`] : []),
    ];
    return { condition, holds: holds.join(', ') || 'nothing yet' };
  });
}

function sizeOf(node: SourceNode, key: string): number {
  const found = nodeAt(node, [key]);
  return found?.kind === 'mapping' ? found.entries.size : 0;
}

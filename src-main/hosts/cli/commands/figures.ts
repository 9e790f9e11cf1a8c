import { writeFileSync } from 'node:fs';
import { figureCsvParts } from '#shared/figures/figure-csv.ts';
import type { Figure } from '#shared/figures/figure.ts';
import { kindsOf, measuredFigures } from '#shared/figures/measured-figures.ts';
import { problem } from '#shared/models/problem.ts';
import { nearestName } from '#shared/study/nearest-name.ts';
import { measuredRuns } from '../../../core/measured-runs.ts';
import { writeOutput, writeText } from '../../../exchange/output.ts';
import { counted } from '../counted.ts';
import { exitCodes, resolvePath } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { withLab } from './open-lab.ts';
import type { LabOption } from './open-lab.ts';

export const figureFormats = ['svg', 'png'] as const;

interface FiguresOptions extends LabOption {
  readonly format: (typeof figureFormats)[number];
  readonly out: string;
  /** Millimetres. */
  readonly width: number;
  readonly height?: number;
  /** By id; all when none is named. */
  readonly figure: readonly string[];
  readonly force: boolean;
}

/** `figures STUDY`: the window's figures as files for a paper, each with the table of its numbers, without a browser. */
export function drawFigures(terminal: Terminal, name: string, options: FiguresOptions): Promise<number> {
  return withLab(terminal, { ...options, readOnly: true }, async (store) => {
    const { id, study } = store.studies.find(name);
    const known = kindsOf(study);
    for (const asked of options.figure) {
      if (known.some((kind) => kind.id === asked)) continue;
      const ids = known.map((kind) => kind.id);
      const near = nearestName(asked, ids);
      throw problem(
        'bad-argument',
        `This study has no figure "${asked}"${near === null ? '' : `; did you mean ${near}?`} It has ${ids.join(', ')}.`,
      );
    }
    const kinds = known.filter((kind) => options.figure.length === 0 || options.figure.includes(kind.id));
    const figures = measuredFigures(study, measuredRuns(store, id), kinds).filter(
      ({ curves }) => curves.length > 0,
    );
    if (figures.length === 0)
      throw problem('not-found', `"${study.name}" has no rows to draw yet. Run the study first.`);
    // The drawing library takes a moment to load, which other commands should not wait for.
    const { drawnFigure } = await import('../draw-figure-file.ts');
    const names = figures.flatMap((figure) => [`${figure.id}.${options.format}`, `${figure.id}.csv`]);
    const drawn = await Promise.all(figures.map((figure) => drawnFigure(figure, options)));
    const files = writeOutput(resolvePath(terminal, options.out), names, options, (pathOf) => {
      for (const [index, figure] of figures.entries()) {
        writeFileSync(pathOf(`${figure.id}.${options.format}`), drawn[index]);
        writeText(pathOf(`${figure.id}.csv`), figureCsvParts(figure));
      }
    });
    for (const file of files) terminal.print(file);
    terminal.say(`${counted(figures.length, 'figure')} ${describe(options, figures)}`);
    return exitCodes.done;
  });
}

function describe({ width, format }: FiguresOptions, figures: readonly Figure[]): string {
  const beside = figures.length === 1 ? 'a CSV of its numbers' : 'a CSV of its numbers beside each';
  return `${width} mm wide as ${format.toUpperCase()}, ${beside}.`;
}

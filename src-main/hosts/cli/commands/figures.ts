import { writeFileSync } from 'node:fs';
import { detectorFigureIds, detectorFigures } from '#shared/figures/detector-figures.ts';
import { kindsOf, measuredFigures } from '#shared/figures/measured-figures.ts';
import type { PaperFigure } from '#shared/figures/paper-figure.ts';
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
    const ids = [...known.map((kind) => kind.id), ...detectorFigureIds(study)];
    for (const asked of options.figure) {
      if (ids.includes(asked)) continue;
      const near = nearestName(asked, ids);
      throw problem(
        'bad-argument',
        `This study has no figure "${asked}"${near === null ? '.' : `; did you mean ${near}?`} It has ${ids.join(', ')}.`,
      );
    }
    const isWanted = (figure: { readonly id: string }): boolean =>
      options.figure.length === 0 || options.figure.includes(figure.id);
    const runs = measuredRuns(store, id);
    const curves = measuredFigures(study, runs, known.filter(isWanted)).filter(
      (one) => one.curves.length > 0,
    );
    const bench = detectorFigures(study, runs).filter(isWanted);
    if (curves.length + bench.length === 0)
      throw problem('not-found', `"${study.name}" has no rows to draw yet. Run the study first.`);
    // The drawing library takes a moment to load, which other commands should not wait for.
    const [{ drawnFigure }, { curvePaper }] = await Promise.all([
      import('../draw-figure-file.ts'),
      import('../curve-paper.ts'),
    ]);
    const figures: PaperFigure[] = [...curves.map(curvePaper), ...bench];
    const names = figures.flatMap((figure) => [`${figure.id}.${options.format}`, `${figure.id}.csv`]);
    const drawn = await Promise.all(figures.map((figure) => drawnFigure(figure, options)));
    const files = writeOutput(resolvePath(terminal, options.out), names, options, (pathOf) => {
      for (const [index, figure] of figures.entries()) {
        writeFileSync(pathOf(`${figure.id}.${options.format}`), drawn[index]);
        writeText(pathOf(`${figure.id}.csv`), figure.csv());
      }
    });
    for (const file of files) terminal.print(file);
    terminal.say(`${counted(figures.length, 'figure')} ${describe(options, figures)}`);
    return exitCodes.done;
  });
}

function describe({ width, format }: FiguresOptions, figures: readonly PaperFigure[]): string {
  const beside = figures.length === 1 ? 'a CSV of its numbers' : 'a CSV of its numbers beside each';
  return `${width} mm wide as ${format.toUpperCase()}, ${beside}.`;
}

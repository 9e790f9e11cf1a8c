import { type } from '@orpc/contract';
import { z } from 'zod';
import { engineNames } from '../models/run.ts';
import type { StudyCheck, StudyDetail, StudySummary } from '../models/lab.ts';
import type { Report } from '../report/report.ts';
import { detectorsSchema, intervalsSchema, lateFields } from '../study/study-schema.ts';
import { operation } from './failures.ts';
import { byId, choice, fields, id, note, tags, text, yesOrNo } from './inputs.ts';

const studyFile = fields({
  text: text('the text of a study file'),
  file: text('the name of the study file'),
});

const engineChoice = choice(['auto', ...engineNames]);

/** Studies: made from a file, started and stopped, kept in order, reported. */
export const studyOperations = {
  checkStudy: operation
    .input(studyFile.extend({ engine: engineChoice.exactOptional() }))
    .output(type<StudyCheck>()),
  /** `overrides` are `path=value`, as `--set` takes them. */
  createStudy: operation
    .input(studyFile.extend({ overrides: z.array(text('path=value')).readonly().exactOptional() }))
    .output(type<StudySummary>()),
  listStudies: operation
    .input(fields({ search: text('text').exactOptional(), deleted: yesOrNo.exactOptional() }))
    .output(type<readonly StudySummary[]>()),
  getStudy: operation.input(byId).output(type<StudyDetail>()),
  startStudy: operation.input(fields({ id, engine: engineChoice })).output(type<void>()),
  pauseStudy: operation.input(byId).output(type<void>()),
  cancelStudy: operation.input(byId).output(type<void>()),
  deleteStudy: operation.input(byId).output(type<void>()),
  restoreStudy: operation.input(byId).output(type<void>()),
  tagStudy: operation.input(fields({ id, tags })).output(type<void>()),
  annotateStudy: operation.input(fields({ id, note })).output(type<void>()),
  /** As a study file writes them; intervals and fields of the late value that are left out stay. */
  setDetectors: operation
    .input(
      fields({
        id,
        detectors: detectorsSchema,
        intervals: intervalsSchema.exactOptional(),
        late: lateFields.exactOptional(),
      }),
    )
    .output(type<StudyDetail>()),
  report: operation.input(byId).output(type<Report>()),
};

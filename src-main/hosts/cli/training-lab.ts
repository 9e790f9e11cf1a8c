import type {
  EngineChoice,
  LabEvent,
  LabInfo,
  RunSummary,
  StudyDetail,
  StudySummary,
} from '#shared/models/lab.ts';
import type { ScoringChange } from '#shared/study/change-scoring.ts';
import type { Report } from '#shared/report/report.ts';
import type { LocalCore } from '../../core/create-core.ts';
import type { StudyText } from './read-study.ts';

/** What commands that change a lab need of it, whether this process has it open or another host of this machine does. */
export interface TrainingLab {
  /** Another host trains: stopping to watch does not stop it. */
  readonly attached: boolean;
  info(): Promise<LabInfo>;
  createStudy(study: StudyText, overrides: readonly string[]): Promise<StudySummary>;
  listStudies(): Promise<readonly StudySummary[]>;
  study(id: number): Promise<StudyDetail>;
  setDetectors(id: number, change: ScoringChange): Promise<StudyDetail>;
  listRuns(studyId: number): Promise<readonly RunSummary[]>;
  startStudy(id: number, engine: EngineChoice): Promise<void>;
  pauseStudy(id: number): Promise<void>;
  report(id: number): Promise<Report>;
  subscribe(listener: (event: LabEvent) => void): () => void;
  /** Resolves when the study trains no more. */
  settled(id: number): Promise<void>;
  close(): Promise<void>;
}

export function localLab(core: LocalCore): TrainingLab {
  return {
    attached: false,
    info: async () => core.info(),
    createStudy: async ({ text, file }, overrides) => core.createStudy(text, file, overrides),
    listStudies: async () => core.listStudies({}),
    study: async (id) => core.getStudy(id),
    setDetectors: async (id, change) => core.setDetectors(id, change),
    listRuns: async (studyId) => core.listRuns({ studyId }).runs,
    startStudy: (id, engine) => core.startStudy(id, { engine }),
    pauseStudy: (id) => core.pauseStudy(id),
    report: async (id) => core.report(id),
    subscribe: core.subscribe,
    settled: core.settled,
    close: core.close,
  };
}

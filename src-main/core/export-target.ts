import { exportCsv } from '../exchange/export-csv.ts';
import { exportJsonl } from '../exchange/export-jsonl.ts';
import { exportParquet } from '../exchange/export-parquet.ts';
import { exportStudyLog } from '../exchange/export-study-log.ts';

/** The formats rows leave the lab in; each writes whole files or nothing. */
export const exporters = {
  csv: exportCsv,
  jsonl: exportJsonl,
  parquet: exportParquet,
  'study-log': exportStudyLog,
};

export type ExportFormat = keyof typeof exporters;

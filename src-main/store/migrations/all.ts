import type { Migration } from '../migrate.ts';
import { initial } from './0001-initial.ts';
import { history } from './0002-history.ts';
import { checksums } from './0003-checksums.ts';
import { scores } from './0004-scores.ts';
import { runLog } from './0005-run-log.ts';
import { updates } from './0006-updates.ts';
import { bands } from './0007-bands.ts';

/** In order; append only. */
export const migrations: readonly Migration[] = [initial, history, checksums, scores, runLog, updates, bands];

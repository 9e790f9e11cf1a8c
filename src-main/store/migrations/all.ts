import type { Migration } from '../migrate.ts';
import { initial } from './0001-initial.ts';
import { history } from './0002-history.ts';

/** In order; append only. */
export const migrations: readonly Migration[] = [initial, history];

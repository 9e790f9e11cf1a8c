import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { ConnectionLost } from '../client/connection.ts';
import { failureText } from '../failure-text.ts';

export type NoticeLevel = 'info' | 'warning' | 'error';

export interface Notice {
  readonly id: number;
  readonly level: NoticeLevel;
  readonly message: string;
  readonly at: Date;
  /** Something to do about it, such as to undo what it tells of. */
  readonly action: { readonly label: string; readonly run: () => void } | null;
}

/** Older ones are forgotten: what matters is in the lab. */
const kept = 50;

/** What the window has to say: the lab's notices, failures of what was asked for, and what can be undone. */
export const useNotices = defineStore('notices', () => {
  const all = shallowRef<readonly Notice[]>([]);
  let next = 1;

  function add(level: NoticeLevel, message: string, action: Notice['action'] = null): Notice {
    const notice = { id: next++, level, message, at: new Date(), action };
    all.value = [notice, ...all.value].slice(0, kept);
    return notice;
  }

  /** Takes back what is no longer so. */
  function withdraw(notice: Notice): void {
    all.value = all.value.filter(({ id }) => id !== notice.id);
  }

  function failure(error: unknown): void {
    // That a connection is lost stands in the banner for as long as it is; what stays until it is closed would outlast it.
    const level = error instanceof ConnectionLost ? 'warning' : 'error';
    const message = failureText(error);
    const [last] = all.value;
    if (level === 'warning' && last?.message === message) return;
    add(level, message);
  }

  return { all, add, withdraw, failure };
});

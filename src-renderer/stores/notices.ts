import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
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

  return { all, add, withdraw, failure: (error: unknown) => void add('error', failureText(error)) };
});

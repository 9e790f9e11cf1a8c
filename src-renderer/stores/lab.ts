import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { StreamEvent } from '#shared/contract/lab.ts';
import type { EngineChoice, LabInfo, Preset } from '#shared/models/lab.ts';
import { followLab } from '../client/follow-lab.ts';
import { failureText } from '../failure-text.ts';
import { useLabAccess } from '../lab-access.ts';
import { usePace } from '../pace.ts';
import { remembered } from '../remembered.ts';
import { useNotices } from './notices.ts';

export type LabListener = (event: StreamEvent) => void;

/** The lab itself: what it is, whether it can be reached, and everything it tells. */
export const useLab = defineStore('lab', () => {
  const { client, connection } = useLabAccess();
  const notices = useNotices();
  const pace = usePace();
  const info = shallowRef<LabInfo | null>(null);
  const presets = shallowRef<readonly Preset[]>([]);
  const state = ref(connection.state());
  const engine = remembered<EngineChoice>('engine', 'auto', [
    'auto',
    'tensorflow',
    'native',
    'wasm',
    'plain',
  ]);
  const listeners = new Set<LabListener>();
  const stop = new AbortController();
  let reading: Promise<unknown> = Promise.resolve();

  /** What starts the host again, as it told while it could. */
  const restartCommand = ref(connection.restartCommand());

  connection.onState((next) => {
    state.value = next;
    restartCommand.value = connection.restartCommand();
  });

  /** @returns whether the lab answered */
  async function readInfo(): Promise<boolean> {
    try {
      const before = info.value?.upgraded ?? null;
      info.value = await client.info();
      const { upgraded } = info.value;
      // Once, not at each reconnection.
      if (upgraded !== null && upgraded !== before) notices.add('info', upgraded);
      return true;
    } catch (error) {
      notices.failure(error);
      return false;
    }
  }

  async function read(): Promise<void> {
    reading = readInfo();
    try {
      if (await reading) presets.value = await client.presets();
    } catch (error) {
      notices.failure(error);
    }
  }

  async function follow(): Promise<void> {
    try {
      for await (const event of followLab(client, connection, stop.signal, () => pace.rest())) {
        if (event.type === 'progress') pace.hear(event.idle);
        if (event.type === 'notice') notices.add(event.level, event.message);
        // A host that was started anew may be another version, or have another lab open.
        if (event.type === 'resync') void read();
        for (const listener of listeners) listener(event);
      }
    } catch (error) {
      notices.add(
        'error',
        `The lab no longer tells what changes; load the page again. ${failureText(error)}`,
      );
    }
  }

  /** Hears every event until the returned function is called. */
  function listen(listener: LabListener): () => void {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  /** Does something to the lab; a failure is told, and nothing is thrown. @returns whether it was done */
  async function attempt(action: () => Promise<unknown>): Promise<boolean> {
    try {
      await action();
      return true;
    } catch (error) {
      notices.failure(error);
      return false;
    } finally {
      // What it changed is news that somebody waits for, however long ago the click was.
      pace.touch();
    }
  }

  /** Starts hearing the lab. */
  function open(): void {
    void read();
    void follow();
  }

  return {
    info,
    presets,
    state,
    restartCommand,
    engine,
    open,
    /** Resolves when the lab has said what it is, or has been found silent. */
    known: () => reading,
    listen,
    attempt,
    close: () => stop.abort(),
  };
});

import { describe, expect, it } from 'vitest';
import { EventHub } from '#main/core/event-hub.ts';
import type { LabEvent } from '#shared/models/lab.ts';

function study(studyId: number): LabEvent {
  return { type: 'studies', studyId };
}

function hub(): { hub: EventHub; bugs: unknown[] } {
  const bugs: unknown[] = [];
  return { hub: new EventHub((error) => bugs.push(error)), bugs };
}

describe('a listener', () => {
  it('hears every event in order from the moment it subscribes until it leaves', () => {
    const { hub: events } = hub();
    const heard: LabEvent[] = [];
    events.emit(study(1));
    const leave = events.subscribe((event) => void heard.push(event));
    events.emit(study(2));
    events.emit(study(3));
    leave();
    events.emit(study(4));
    expect(heard).toEqual([study(2), study(3)]);
  });

  it('that subscribes twice hears twice, and leaving once leaves one', () => {
    const { hub: events } = hub();
    let heard = 0;
    const listener = (): void => void heard++;
    const leave = events.subscribe(listener);
    events.subscribe(listener);
    events.emit(study(1));
    expect(heard).toBe(2);
    leave();
    leave();
    events.emit(study(2));
    expect(heard).toBe(3);
  });

  it('that throws is reported once and hears no more; the others are not disturbed', () => {
    const { hub: events, bugs } = hub();
    const bug = new Error('bug');
    const heard: LabEvent[] = [];
    let calls = 0;
    events.subscribe(() => {
      calls++;
      throw bug;
    });
    events.subscribe((event) => void heard.push(event));
    events.emit(study(1));
    events.emit(study(2));
    expect(bugs).toEqual([bug]);
    expect(calls).toBe(1);
    expect(heard).toEqual([study(1), study(2)]);
  });

  it('may leave while it hears', () => {
    const { hub: events } = hub();
    const heard: number[] = [];
    const leave = events.subscribe(() => {
      heard.push(1);
      leave();
    });
    events.subscribe(() => void heard.push(2));
    events.emit(study(1));
    events.emit(study(2));
    expect(heard).toEqual([1, 2, 2]);
  });
});

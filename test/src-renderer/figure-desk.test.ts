import { expect, it, vi } from 'vitest';
import { FigureDesk } from '../../src-renderer/figures/figure-desk.ts';
import type { FiguresPort } from '../../src-renderer/figures/figure-desk.ts';
import type { FigureQuestion } from '../../src-renderer/figures/messages.ts';

const question: FigureQuestion = {
  type: 'csv',
  subject: {
    figure: {
      id: 'f',
      title: '',
      caption: '',
      x: { title: '', scale: 'linear', range: null },
      y: { title: '', scale: 'linear', range: null },
      curves: [],
      markers: [],
    },
  },
};

function desk() {
  const listen = vi.fn<FiguresPort['listen']>();
  const made = new FigureDesk({ post: vi.fn<FiguresPort['post']>(), listen });
  const [heard, failed] = listen.mock.calls[0];
  const answer = (ask: number): void => heard({ ask, failed: null, answer: { file: new Blob([]) } });
  return { desk: made, answer, fail: failed };
}

it('is idle when every question has its answer', async () => {
  const { desk: made, answer } = desk();
  await made.idle();
  const asked = [made.ask(question), made.ask(question)];
  const idle = vi.fn<() => void>();
  const resting = made.idle().then(idle);
  answer(1);
  await asked[0];
  await Promise.resolve();
  expect(idle).not.toHaveBeenCalled();
  answer(2);
  await resting;
  expect(idle).toHaveBeenCalledOnce();
});

it('is idle when it stopped for good', async () => {
  const { desk: made, fail } = desk();
  const asked = made.ask(question);
  const resting = made.idle();
  fail('no memory');
  await expect(asked).rejects.toThrow('no memory');
  await resting;
});

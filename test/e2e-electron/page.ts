// The window of this suite: no interface, only the client that every window uses, put where the tests can reach it.
import { createClient } from '#shared/contract/client.ts';
import type { LabClient } from '#shared/contract/contract.ts';
import type { ClientPort } from '../../src-renderer/client/connect-message-port.ts';
import { connectMessagePort } from '../../src-renderer/client/connect-message-port.ts';

declare const window: {
  addEventListener(
    type: 'message',
    listener: (event: {
      readonly data: unknown;
      readonly origin: string;
      readonly ports: readonly ClientPort[];
    }) => void,
  ): void;
  readonly grokscope: { connect(): void };
  lab: Promise<LabClient>;
  /** What came of evaluating code, which the policy forbids. */
  evaluated: string;
};

window.lab = new Promise((resolve) => {
  window.addEventListener('message', ({ data, ports }) => {
    if (data === 'grokscope:ports') resolve(createClient(connectMessagePort(ports[0]).link));
  });
});
window.grokscope.connect();

try {
  // oxlint-disable-next-line no-new-func -- that it is impossible is what is tested
  window.evaluated = String(new Function('return "evaluated"')());
} catch (error) {
  window.evaluated = error instanceof Error ? error.name : 'refused';
}

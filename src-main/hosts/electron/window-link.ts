import { connectChannel, portsMessage } from '#shared/desktop/channels.ts';
import type { DesktopElectron, HostPort } from './electron-parts.ts';
import { isOurFrame } from './guard-contents.ts';
import { windowMessageSchema } from '#shared/desktop/messages.ts';
import type { DesktopMessage, WindowMessage } from '#shared/desktop/messages.ts';

export interface LinkParts<Port extends HostPort> {
  readonly electron: Pick<DesktopElectron<Port>, 'ipcMain' | 'createChannel'>;
  /** Whether these contents are a window of ours. */
  ours(contentsId: number): boolean;
  /** Serves the contract of the open lab on a port. */
  serve(port: Port): void;
  hear(message: WindowMessage): void;
}

export interface WindowLink {
  /** Says something to the window; it waits until a window is connected. */
  send(message: DesktopMessage): void;
  /** Closes the ports: the window is gone, or the lab behind them is. */
  drop(): void;
}

/**
 * Gives the window its two ports whenever it asks: one for the contract, one for the desktop's own messages. A page that is loaded
 * again asks again, and its old ports are closed. Whoever is not our page in the top frame of our window gets none.
 */
export function linkWindow<Port extends HostPort>(parts: LinkParts<Port>): WindowLink {
  let ports: readonly Port[] = [];
  let port: Port | null = null;
  let waiting: DesktopMessage[] = [];

  function drop(): void {
    for (const open of ports) open.close();
    ports = [];
    port = null;
  }

  parts.electron.ipcMain.on(connectChannel, ({ sender, senderFrame }) => {
    if (senderFrame === null || !isOurFrame(sender, senderFrame, parts.ours)) return;
    drop();
    const contract = parts.electron.createChannel();
    const desktop = parts.electron.createChannel();
    ports = [contract.port1, desktop.port1];
    port = desktop.port1;
    desktop.port1.on('message', ({ data }) => {
      const parsed = windowMessageSchema.safeParse(data);
      if (parsed.success) parts.hear(parsed.data);
    });
    desktop.port1.start();
    parts.serve(contract.port1);
    senderFrame.postMessage(portsMessage, null, [contract.port2, desktop.port2]);
    const late = waiting;
    waiting = [];
    for (const message of late) desktop.port1.postMessage(message);
  });

  return {
    send(message) {
      if (port) port.postMessage(message);
      else waiting.push(message);
    },
    drop,
  };
}
